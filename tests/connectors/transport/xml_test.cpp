#include "connectors/transport/xml.hpp"

#include <gtest/gtest.h>

#include <string>

namespace empathd::connectors {
namespace {

std::string_view as_it_is(std::string_view uri, std::string_view prefix)
{
    return uri == "urn:x" ? "x" : prefix == "lost" ? "lost" : uri.empty() ? "" : "?";
}

/// The tree in one line, so that a test can compare it.
std::string shown(const XmlNode& node)
{
    if (node.is_text()) {
        return '"' + node.text + '"';
    }
    std::string out = std::string(node.space) + (node.space.empty() ? "" : ":") + node.name;
    for (const XmlAttribute& attribute : node.attributes) {
        out += ' ' + std::string(attribute.space) + (attribute.space.empty() ? "" : ":") +
               attribute.name + '=' + attribute.value;
    }
    out += '(';
    for (const XmlNode& child : node.children) {
        out += shown(child);
    }
    return out + ')';
}

std::string read(std::string_view text)
{
    const auto document = parse_xml(text, as_it_is);
    return document ? shown(document->root) : document.error().message;
}

struct Written {
    const char* name;
    const char* text;
    const char* tree;
};

class Reads : public ::testing::TestWithParam<Written> {};

TEST_P(Reads, AsMeant)
{
    EXPECT_EQ(read(GetParam().text), GetParam().tree);
}

INSTANTIATE_TEST_SUITE_P(
    Xml, Reads,
    ::testing::Values(
        Written{"Plain", "<a><b>t</b></a>", R"(a(b("t")))"},
        Written{"Attributes", "<a p=\"1\" q='&quot;&amp;amp;&lt;'/>", "a p=1 q=\"&amp;<()"},
        Written{"Namespaces", "<a xmlns:n='urn:x' n:k='v'><n:b/></a>", "a x:k=v(x:b())"},
        Written{"UndeclaredPrefix", "<a><lost:b lost:c='1'/></a>", "a(lost:b lost:c=1())"},
        Written{"Junk", "Warning: x\n<!-- c --><?xml version='1.0'?>\n<a/>", "a()"},
        Written{"SecondRoot", "<a/><b/>", "a()"},
        Written{"Behind", "<a>t</a>\n<script>x</script>", R"(a("t"))"},
        Written{"Cdata", "<a><![CDATA[<b> & ]] > x]]>y</a>", R"(a("<b> & ]] > xy"))"},
        Written{"CdataWithoutEnd", "<a><![CDATA[x</a>", R"(a("x</a>"))"},
        Written{"CdataWithControls", "<a><![CDATA[x\x01\x0B y]]></a>", R"(a("x y"))"},
        Written{"Ampersands", "<a>R&D & S&amp;P &x; &</a>", R"(a("R&D & S&P &x; &"))"},
        Written{"HtmlEntities", "<a>caf&eacute;&nbsp;&rsquo;&apos;</a>", "a(\"café\u00A0’'\")"},
        Written{"Numbers", "<a>&#233;&#xE9;&#146;&#0;&#11;&#xFFFF;</a>", R"(a("éé’"))"},
        Written{"SurrogatePairs", "<a>&#55357;&#56832; &#xD83D;x</a>", "a(\"😀 \uFFFDx\")"},
        Written{"HugeNumber", "<a>&#99999999999999999999;</a>", "a(\"\uFFFD\")"},
        Written{"LessThan", "<a>1 < 2 <3 <-</a>", R"(a("1 < 2 <3 <-"))"},
        Written{"NoCharacters", "<a>\xEF\xBF\xBE|\xEF\xBF\xBF</a>", R"(a("|"))"},
        Written{"MissingEnds", "<a><b><c>x</a>", R"(a(b(c("x"))))"},
        Written{"NoEndAtAll", "<a><b>x", R"(a(b("x")))"},
        Written{"StrayEnds", "<a></z><b>x</i></b><c/></a>", R"(a(b("x")c()))"},
        Written{"CrossedEnds", "<a><b><i>x</b></i><c/></a>", R"(a(b(i("x"))c()))"},
        Written{"EndInOtherCase", "<a><Item>x</item><c/></A>", R"(a(Item("x")c()))"},
        Written{"BareAttributes", "<a p=1 q r='2' p=3/>", "a p=1 q= r=2()"},
        Written{"TagWithoutEnd", "<a><b p='1'<c/></a>", "a(b p=1(c()))"},
        Written{"Instruction", "<a><?php x ?>t</a>", R"(a("t"))"},
        Written{"Nothing", "no markup", "no XML element in it"},
        Written{"OnlyAComment", "<!-- <a/> -->", "no XML element in it"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Xml, ExpandsNoEntityOfADocumentsOwn)
{
    std::string bomb = "<!DOCTYPE a [<!ENTITY l0 \"ha\">\n<!-- don't \"stop\" ]> here -->";
    for (int i = 1; i < 30; ++i) {
        const std::string below = "&l" + std::to_string(i - 1) + ';';
        bomb += "<!ENTITY l" + std::to_string(i) + " '" + below + below + below + "'>\n";
    }
    bomb += "]><a>&l29;</a>";

    EXPECT_EQ(read(bomb), R"(a("&l29;"))");
}

TEST(Xml, OpensNoFileAndNoAddress)
{
    EXPECT_EQ(read("<!DOCTYPE a SYSTEM 'file:///etc/passwd' [<!ENTITY f SYSTEM "
                   "'file:///etc/hostname'><!ENTITY % p SYSTEM 'http://127.0.0.1:1/'>%p;]>"
                   "<a b='&f;'>&f;</a>"),
              R"(a b=&f;("&f;"))");
}

TEST(Xml, KeepsTextOfElementsThatAreTooDeep)
{
    std::string text = "<a>";
    for (int i = 0; i < 100'000; ++i) {
        text += "<d>";
    }
    text += "bottom";
    for (int i = 0; i < 100'000; ++i) {
        text += "</d>";
    }
    const auto document = parse_xml(text + "<last/></a>", as_it_is);

    ASSERT_TRUE(document);
    ASSERT_EQ(document->root.children.size(), 2u);
    EXPECT_EQ(text_of(document->root), "bottom");
    EXPECT_EQ(document->root.children[1].name, "last");
    std::size_t depth = 1;
    for (const XmlNode* node = &document->root; !node->children.empty();
         node = &node->children.front()) {
        depth += node->children.front().is_text() ? 0 : 1;
    }
    EXPECT_EQ(depth, xml_depth_max);
}

TEST(Xml, StopsAtTheMostElements)
{
    std::string text = "<a>";
    for (std::size_t i = 0; i < xml_elements_max + 5; ++i) {
        text += "<b/>";
    }
    const auto document = parse_xml(text + "</a>", as_it_is);

    ASSERT_TRUE(document);
    EXPECT_TRUE(document->cut);
    EXPECT_EQ(document->root.children.size(), xml_elements_max - 1);
}

TEST(Xml, NamesItsEncoding)
{
    EXPECT_EQ(declared_encoding("<?xml version='1.0' encoding='koi8-r'?><a/>"), "koi8-r");
    EXPECT_EQ(declared_encoding("\n\n<?xml encoding = \"UTF-8\" ?>"), "UTF-8");
    EXPECT_EQ(declared_encoding("<?xml version='1.0'?><a encoding='x'/>"), "");
    EXPECT_EQ(declared_encoding("<a/>"), "");
}

} // namespace
} // namespace empathd::connectors
