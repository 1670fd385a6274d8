// Everything of Asio, Asio's TLS and Beast that is no template. The definitions that say so are
// PUBLIC in CMakeLists.txt: whoever links empathd_asio sees declarations only.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
