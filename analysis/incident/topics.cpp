#include "analysis/incident/topics.hpp"

#include "analysis/incident/common_words.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace empathd::analysis {
namespace {

/// Folded and stripped; '+' joins a pair of neighbours. Line by line English, French, Vietnamese.
/// What stands here is general knowledge of customers' complaints, of no brand in particular.
struct Row {
    float share;
    std::string_view words;
};

constexpr Row rows[] = {
    // Travel.
    {0.04F, "flight flights plane planes aircraft vol vols avion avions may+bay chuyen+bay"},
    {0.03F, "late delay delayed delays retard retards retarde retardee tre+chuyen bi+tre delay "
            "tre+gio"},
    {0.02F, "cancelled canceled cancel cancels cancellation annule annulee annules annulation "
            "bi+huy huy+chuyen huy+bay"},
    {0.006F, "diverted divert diversion deroute deroutes deroutee deroutement ha+canh landed "
             "landing atterri atterrissage"},
    {0.01F,
     "stranded stuck bloque bloquee bloques bloquees coince coinces mac+ket bi+ket ket ket+o"},
    {0.015F, "luggage baggage bag bags suitcase suitcases bagage bagages valise valises hanh+ly "
             "vali"},
    {0.008F, "boarding embarquement embarquer len+may gate porte cua+ra"},
    {0.01F, "passengers passenger passagers passager hanh+khach"},
    {0.008F, "crew steward stewardess attendant attendants hotesse hotesses equipage tiep+vien "
             "pilot captain pilote commandant phi+cong co+truong"},
    {0.01F, "airport aeroport san+bay terminal aerogare nha+ga"},
    {0.008F, "check+in checkin bag+drop enregistrement lam+thu check+in+online"},
    {0.006F, "fog snow storm ice weather brouillard neige tempete verglas meteo suong+mu tuyet bao "
             "thoi+tiet"},
    {0.005F,
     "engine engines motor moteur moteurs reacteur dong+co windscreen window windows hublot "
     "pare+brise kinh+lai"},
    {0.004F, "bird birds oiseau oiseaux con+chim chim"},
    {0.008F, "seat seats siege sieges cho+ngoi so+ghe ghe"},
    {0.01F, "train trains rame tau+hoa bus car coach xe+buyt xe+khach"},
    {0.005F, "overbooked overbooking bumped surbooking surreservation overbook"},
    // Money.
    {0.03F, "card cards carte cartes the+tin quet+the the+ngan cai+the ma+the"},
    {0.012F,
     "declined decline refused rejected refusee refusees refuse refus rejete bi+tu tu+choi"},
    {0.012F, "twice double doubled duplicate duplicated duplicates doublon doublons doubles "
             "deux+fois hai+lan 2+lan tru+hai tru+2"},
    {0.02F, "charged charge charges billed debited debite debitee preleve prelevee prelevement "
            "bi+tru tru+tien thu+tien tru"},
    {0.02F, "transfer transfers virement virements chuyen+khoan chuyen+tien"},
    {0.012F, "atm atms cashpoint distributeur dab distributeurs cay+atm may+atm rut+tien"},
    {0.01F, "salary wages payday salaire salaires paie luong tien+luong"},
    {0.01F, "balance overdrawn overdraft solde decouvert so+du"},
    {0.012F, "fraud scam scammed phishing hacked fraude arnaque pirate piratage lua+dao hack"},
    {0.01F, "frozen blocked locked gele gelee bloquer verrouille khoa+tai bi+khoa dong+bang"},
    {0.02F, "fee fees frais commission phi+dich thu+phi phi"},
    {0.008F, "fake fakes impersonating spoof faux fausse gia+mao mao+danh gia"},
    {0.008F, "text texts message messages sms tin+nhan texto textos"},
    {0.004F, "customs douane douanes hai+quan"},
    {0.006F, "terminal reader readers lecteur lecteurs tpe may+pos may+quet"},
    // Apps and networks.
    {0.03F, "app apps application appli applis ung+dung"},
    {0.015F, "login logging log+in logged log+into sign+in signin password passcode connexion "
             "connecter connecte connection identifiant dang+nhap vao+duoc mat+khau"},
    {0.015F, "down outage outages crash crashed crashes crashing panne pannes plante plantage "
             "sap bi+sap sap+mang loi+mang ngung+hoat"},
    {0.012F, "internet wifi broadband fibre box mang+internet mang mat+mang wi+fi router modem "
             "cap+quang"},
    {0.008F, "signal network coverage reseau reseaux song mat+song tin+hieu"},
    {0.008F, "update updated upgrade maj mise+a cap+nhat"},
    {0.006F, "code otp ma+otp ma+xac"},
    {0.006F, "data+breach leak leaked fuite donnees ro+ri lo+thong"},
    // Parcels and shops.
    {0.03F, "parcel parcels package packages colis paquet paquets buu+kien kien+hang goi+hang "
            "don+hang"},
    {0.03F, "delivery delivered deliver deliveries livraison livraisons livre livree livreur "
            "livrer giao+hang giao shipper"},
    {0.012F,
     "lost missing misplaced mislaid perdu perdue perdus perdues egare egares egaree introuvable "
     "introuvables that+lac mat+hang bi+mat lam+mat"},
    {0.01F, "warehouse depot hub entrepot entrepots kho kho+hang tong+kho"},
    {0.012F, "tracking tracked suivi numero+de van+don hanh+trinh"},
    {0.012F, "driver drivers courier chauffeur livreurs tai+xe shipper"},
    {0.01F, "branch branches agence agences guichet chi+nhanh phong+giao"},
    // Products.
    {0.006F, "recall recalled rappel rappele rappeles rappelee thu+hoi"},
    {0.004F,
     "overheat overheats overheated overheating hot burning surchauffe surchauffent surchauffer "
     "chauffe brulant brulante qua+nong nong+ran nong+len nong"},
    {0.004F, "fire flames flame smoke smoking burnt feu flamme flammes incendie fumee fume brule "
             "brulee bruler chay boc+chay boc+khoi khoi bi+chay ho+hoan hoa+hoan"},
    {0.003F, "smell smells smelled stink odeur odeurs pue mui mui+khet khet"},
    {0.004F, "explode exploded exploding explosion explose exploser no+tung phat+no bi+no"},
    {0.005F, "leak leaks leaking leaked fuite fuites fuit ri+nuoc ro+nuoc ro+ri tran+nuoc"},
    {0.004F, "broken broke break smashed brise brisee brises bris hong hu+hong vo+nat be"},
    {0.004F, "thrown throw threw tossed jete jetee lance lancer nem quang vut"},
    {0.004F, "stolen theft thief steal vole volee voles voleur bi+trom trom an+cap bi+cuop"},
    {0.004F,
     "cracked crack cracks shattered shatter fissure fissuree felee casse cassee nut vo+kinh "
     "bi+nut bi+vo"},
    {0.008F, "battery batteries batterie batteries pin+phong sac+pin pin"},
    {0.006F, "charger charging chargeur cable cu+sac sac"},
    {0.006F, "fridge freezer frigo refrigerateur congelateur tu+lanh tu+dong"},
    {0.006F, "washing+machine washer dryer lave+linge machine+a seche+linge may+giat may+say"},
    {0.004F,
     "oven hob stove cooker four plaque lo+nuong bep+tu bep+ga noi+chien airfryer air+fryer "
     "friteuse"},
    {0.004F, "kettle bouilloire am+sieu am+dun"},
    {0.004F, "vacuum aspirateur hut+bui"},
    {0.004F, "dishwasher lave+vaisselle rua+bat rua+chen"},
    // People.
    {0.015F, "rude insulted insulting insulte shouted yelled screamed hurle crie impoli impolie "
             "mal+poli tho+lo "
             "quat mang+khach bat+lich lich+su mang"},
    {0.01F,
     "manager supervisor directeur directrice responsable gerant gerante quan+ly truong+phong"},
    {0.005F, "racist racism discriminated discrimination raciste racisme ky+thi phan+biet ki+thi"},
    {0.008F,
     "wheelchair disabled blind handicape handicapee fauteuil+roulant malvoyant aveugle xe+lan "
     "khuyet+tat khiem+thi"},
    {0.008F, "elderly grandfather grandma grandmother grandad pensioner grand+mere grand+pere papi "
             "mamie vieux vieille+dame ong+cu cu+ong ba+cu cu+ba cu+gia"},
    {0.008F, "video clip film filmed footage filme videos quay+phim quay+clip"},
    {0.004F, "dog cat pet puppy chien chat+noir chiot con+cho con+meo thu+cung"},
    {0.006F, "strike greve dinh+cong"},
    {0.006F, "sick ill food+poisoning vomiting malade intoxication vomi ngo+doc non+mua dau+bung"},
    {0.012F,
     "refund refunded refunds rembourse remboursement rembourser remboursee hoan+tien hoan+lai "
     "tra+lai den+bu"},
    {0.012F, "compensation compensate indemnisation indemnise dedommagement boi+thuong den"},
    {0.012F,
     "on+hold hotline helpline call+centre call+center standard numero+vert tong+dai hold+music"},
    {0.006F, "water eau nuoc+uong nuoc"},
    {0.006F, "power electricity power+cut electricite courant mat+dien cup+dien"},
    {0.006F, "air+conditioning aircon clim climatisation dieu+hoa may+lanh"},
};

using Table = std::unordered_map<std::uint64_t, Topic>;

Table build()
{
    Table table;
    std::uint32_t id = 0;
    for (const Row& row : rows) {
        ++id;
        std::string_view list = row.words;
        while (!list.empty()) {
            const std::size_t end = std::min(list.find(' '), list.size());
            const std::string_view word = list.substr(0, end);
            list.remove_prefix(std::min(end + 1, list.size()));
            const std::size_t plus = word.find('+');
            const std::uint64_t hash =
                plus == std::string_view::npos
                    ? word_hash(word)
                    : pair_hash(word_hash(word.substr(0, plus)), word_hash(word.substr(plus + 1)));
            table.emplace(hash, Topic{id, row.share});
        }
    }
    return table;
}

} // namespace

std::optional<Topic> topic_of(std::uint64_t hash)
{
    static const Table table = build();
    const auto found = table.find(hash);
    return found == table.end() ? std::nullopt : std::optional{found->second};
}

} // namespace empathd::analysis
