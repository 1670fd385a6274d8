#include "analysis/incident/topics.hpp"

#include "analysis/incident/common_words.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace empathd::analysis {
namespace {

/// Folded and stripped; '+' joins a pair of neighbours. Line by line English, French, Vietnamese.
/// What stands here is general knowledge of customers' complaints, of no brand in particular;
/// `share` is counted in the complaints of analysis/corpus, the largest of the three languages.
struct Row {
    float share;
    std::string_view words;
};

constexpr Row rows[] = {
    // Travel.
    {0.011F, "flight flights plane planes aircraft vol vols avion avions may+bay chuyen+bay"},
    {0.018F, "late delay delayed delays retard retards retarde retardee tre+chuyen bi+tre delay "
             "tre+gio"},
    {0.036F, "cancelled canceled cancel cancels cancellation annule annulee annules annulation "
             "bi+huy huy+chuyen huy+bay"},
    {0.002F, "diverted divert diversion deroute deroutes deroutee deroutement ha+canh landed "
             "landing atterri atterrissage"},
    {0.022F,
     "stranded stuck bloque bloquee bloques bloquees coince coinces mac+ket bi+ket ket ket+o"},
    {0.009F, "luggage baggage bag bags suitcase suitcases bagage bagages valise valises hanh+ly "
             "vali"},
    {0.020F, "boarding embarquement embarquer len+may gate porte cua+ra"},
    {0.002F, "passengers passenger passagers passager hanh+khach"},
    {0.005F, "crew steward stewardess attendant attendants hotesse hotesses equipage tiep+vien "
             "pilot captain pilote commandant phi+cong co+truong"},
    {0.003F, "airport aeroport san+bay terminal aerogare nha+ga"},
    {0.003F, "check+in checkin bag+drop enregistrement lam+thu check+in+online"},
    {0.007F, "fog snow storm ice weather brouillard neige tempete verglas meteo suong+mu tuyet "
             "thoi+tiet"},
    {0.010F,
     "engine engines motor moteur moteurs reacteur dong+co windscreen window windows hublot "
     "pare+brise kinh+lai"},
    {0.002F, "bird birds oiseau oiseaux con+chim chim"},
    {0.010F, "seat seats siege sieges cho+ngoi so+ghe"},
    {0.039F, "train trains rame tau+hoa bus car coach xe+buyt xe+khach"},
    {0.002F, "overbooked overbooking bumped surbooking surreservation overbook"},
    // Money.
    {0.023F, "card cards carte cartes the+tin quet+the the+ngan cai+the ma+the"},
    {0.019F,
     "declined decline refused rejected refusee refusees refuse refus rejete bi+tu tu+choi"},
    {0.036F, "twice double doubled duplicate duplicated duplicates doublon doublons doubles "
             "deux+fois hai+lan 2+lan tru+hai tru+2"},
    {0.041F, "charged charge charges billed debited debite debitee preleve prelevee prelevement "
             "bi+tru tru+tien thu+tien tru"},
    {0.006F, "transfer transfers virement virements chuyen+khoan chuyen+tien"},
    {0.003F, "atm atms cashpoint distributeur dab distributeurs cay+atm may+atm rut+tien"},
    {0.016F, "salary wages payday salaire salaires paie tien+luong"},
    {0.004F, "balance overdrawn overdraft solde decouvert so+du"},
    {0.008F, "fraud scam scammed phishing hacked fraude arnaque pirate piratage lua+dao hack"},
    {0.010F, "frozen blocked locked gele gelee bloquer verrouille khoa+tai bi+khoa dong+bang"},
    {0.023F, "fee fees frais commission phi+dich thu+phi"},
    {0.004F, "fake fakes impersonating spoof faux fausse gia+mao mao+danh"},
    {0.021F, "text texts message messages sms tin+nhan texto textos"},
    {0.002F, "customs douane douanes hai+quan"},
    {0.002F, "terminal reader readers lecteur lecteurs tpe may+pos may+quet"},
    // Apps and networks.
    {0.047F, "app apps application appli applis ung+dung"},
    {0.012F, "login logging log+in logged log+into sign+in signin password passcode connexion "
             "connecter connecte connection identifiant dang+nhap vao+duoc mat+khau"},
    {0.045F, "down outage outages crash crashed crashes crashing panne pannes plante plantage "
             "sap bi+sap sap+mang loi+mang ngung+hoat"},
    {0.017F, "internet wifi broadband fibre box mang+internet mat+mang wi+fi router modem "
             "cap+quang"},
    {0.006F, "signal network coverage reseau reseaux mat+song tin+hieu"},
    {0.010F, "update updated upgrade maj mise+a cap+nhat"},
    {0.007F, "code otp ma+otp ma+xac"},
    {0.006F, "data+breach leak leaked fuite donnees ro+ri lo+thong"},
    // Parcels and shops.
    {0.015F, "parcel parcels package packages colis paquet paquets buu+kien kien+hang goi+hang "
             "don+hang"},
    {0.062F, "delivery delivered deliver deliveries livraison livraisons livre livree livreur "
             "livrer giao+hang giao shipper"},
    {0.026F,
     "lost missing misplaced mislaid perdu perdue perdus perdues egare egares egaree introuvable "
     "introuvables that+lac mat+hang bi+mat lam+mat"},
    {0.025F, "warehouse depot hub entrepot entrepots kho kho+hang tong+kho"},
    {0.007F, "tracking tracked suivi numero+de van+don hanh+trinh"},
    {0.015F, "driver drivers courier chauffeur livreurs tai+xe shipper"},
    {0.027F, "branch branches agence agences guichet chi+nhanh phong+giao"},
    // Products.
    {0.005F, "recall recalled rappel rappele rappeles rappelee thu+hoi"},
    {0.004F,
     "overheat overheats overheated overheating hot burning surchauffe surchauffent surchauffer "
     "chauffe brulant brulante qua+nong nong+ran nong+len"},
    {0.028F, "fire flames flame smoke smoking burnt feu flamme flammes incendie fumee fume brule "
             "brulee bruler boc+chay boc+khoi khoi bi+chay ho+hoan hoa+hoan"},
    {0.013F, "smell smells smelled stink odeur odeurs pue mui mui+khet khet"},
    {0.002F, "explode exploded exploding explosion explose exploser no+tung phat+no bi+no"},
    {0.003F, "leak leaks leaking leaked fuite fuites fuit ri+nuoc ro+nuoc ro+ri tran+nuoc"},
    {0.024F, "broken broke break smashed brise brisee brises bris hong hu+hong vo+nat"},
    {0.025F, "thrown throw threw tossed jete jetee lance lancer nem quang vut"},
    {0.003F, "stolen theft thief steal vole volee voles voleur bi+trom trom an+cap bi+cuop"},
    {0.011F,
     "cracked crack cracks shattered shatter fissure fissuree felee casse cassee nut vo+kinh "
     "bi+nut bi+vo"},
    {0.005F, "battery batteries batterie batteries pin+phong sac+pin pin"},
    {0.008F, "charger charging chargeur cable cu+sac sac"},
    {0.011F, "fridge freezer frigo refrigerateur congelateur tu+lanh tu+dong"},
    {0.003F, "washing+machine washer dryer lave+linge machine+a seche+linge may+giat may+say"},
    {0.036F,
     "oven hob stove cooker four plaque lo+nuong bep+tu bep+ga noi+chien airfryer air+fryer "
     "friteuse"},
    {0.002F, "kettle bouilloire am+sieu am+dun"},
    {0.002F, "vacuum aspirateur hut+bui"},
    {0.002F, "dishwasher lave+vaisselle rua+bat rua+chen"},
    // People.
    {0.021F, "rude insulted insulting insulte shouted yelled screamed hurle crie impoli impolie "
             "mal+poli tho+lo "
             "quat mang+khach bat+lich lich+su"},
    {0.039F,
     "manager supervisor directeur directrice responsable gerant gerante quan+ly truong+phong"},
    {0.003F, "racist racism discriminated discrimination raciste racisme ky+thi phan+biet ki+thi"},
    {0.006F,
     "wheelchair disabled blind handicape handicapee fauteuil+roulant malvoyant aveugle xe+lan "
     "khuyet+tat khiem+thi"},
    {0.012F, "elderly grandfather grandma grandmother grandad pensioner grand+mere grand+pere papi "
             "mamie vieux vieille+dame ong+cu cu+ong ba+cu cu+ba cu+gia"},
    {0.006F, "video clip film filmed footage filme videos quay+phim quay+clip"},
    {0.021F, "dog cat pet puppy chien chat+noir chiot con+cho con+meo thu+cung"},
    {0.002F, "strike greve dinh+cong"},
    {0.014F, "sick ill food+poisoning vomiting malade intoxication vomi ngo+doc non+mua dau+bung"},
    {0.039F,
     "refund refunded refunds rembourse remboursement rembourser remboursee hoan+tien hoan+lai "
     "tra+lai den+bu"},
    {0.005F, "compensation compensate indemnisation indemnise dedommagement boi+thuong"},
    {0.035F,
     "on+hold hotline helpline call+centre call+center standard numero+vert tong+dai hold+music"},
    {0.040F, "water eau nuoc+uong nuoc"},
    {0.007F, "power electricity power+cut electricite courant mat+dien cup+dien"},
    {0.009F, "air+conditioning aircon clim climatisation dieu+hoa may+lanh"},
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
