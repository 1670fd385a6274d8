#include "analysis/decision/gravity_words.hpp"

// Written for this project. Left out on purpose, because the harmless sense is commoner:
// en: died (batteries), on fire, killed it, toxic (workplaces), hospital alone (it may be the
//     brand), sue alone (a name), press alone (buttons), news alone (good news).
// fr: avocat alone (the fruit), blesse alone (feelings), feu alone, presse alone (in a hurry).
// vi, where diacritics are gone: chay (fire, run, vegetarian), toa (court, building), bao (paper,
//     tell, storm, how much), dang bao (in the paper, is reporting), di ung (allergy, go support).

namespace empathd::analysis {
namespace {

constexpr std::string_view safety_en =
    "caught fire;catch fire;catches fire;catching fire;burst into flames;went up in flames;"
    "exploded;explodes;explosion;blew up in my;smoke coming;started smoking;fire hazard;"
    "burned me;burnt me;burned my hand;burnt my hand;burns on my;burns on his;burns on her;"
    "second degree burns;electric shock;electric shocks;electrocuted;gas leak;carbon monoxide;"
    "safety hazard;choking hazard;choked on;choking on;food poisoning;poisoned;salmonella;listeria;"
    "e coli;allergic reaction;anaphylaxis;anaphylactic;to hospital;in hospital;to the hospital;"
    "in the hospital;hospitalised;hospitalized;ambulance;emergency room;intensive care;injured;"
    "injury;injuries;bleeding;stitches;concussion;unconscious;passed out;fainted;nearly died;"
    "almost died;could have died;could have been killed;could have killed;was killed;got killed;"
    "people died;someone died;dangerous;unsafe;life threatening;brakes failed;brake failure;"
    "toxic fumes;swollen battery;battery swelled;shards of glass;piece of glass;pieces of glass;"
    "piece of metal;assaulted;kill myself;suicide";

constexpr std::string_view safety_fr =
    "pris feu;prend feu;prendre feu;a explose;explosion;incendie;risque d incendie;brulure;"
    "brulures;me suis brule;me suis brulee;s est brule;s est brulee;electrocute;electrocutee;"
    "electrocution;decharge electrique;fuite de gaz;monoxyde de carbone;intoxication;intoxique;"
    "intoxiquee;empoisonne;empoisonnee;salmonelle;listeria;reaction allergique;anaphylactique;"
    "l hopital;hospitalise;hospitalisee;aux urgences;ambulance;ete blesse;ete blessee;est blesse;"
    "est blessee;me suis blesse;me suis blessee;s est blesse;s est blessee;blessure;blessures;"
    "saigne;saigner;points de suture;evanoui;evanouie;failli mourir;pu mourir;danger de mort;"
    "dangereux;dangereuse;en danger;freins ont lache;plus de freins;s etouffer;etouffement;"
    "morceau de verre;morceaux de verre;bout de verre;bouts de verre;batterie gonflee;agresse;"
    "agressee;suicide";

constexpr std::string_view safety_vi =
    "chay no;boc chay;phat no;no tung;bi bong nang;bi bong tay;bong nang;dien giat;bi giat dien;"
    "ro gas;ro ri gas;ngo doc;nhap vien;vao vien;cap cuu;vao benh vien;di benh vien;bi di ung;"
    "gay di ung;di ung nang;chay mau;bi thuong;chan thuong;gay xuong;tai nan;nguy hiem;chet nguoi;"
    "suyt chet;mat mang;tu vong;hoa hoan;mat phanh;ngat xiu;doc hai;manh thuy tinh;pin bi phong;"
    "pin phong;hoc di vat";

constexpr std::string_view legal_en =
    "lawyer;lawyers;attorney;attorneys;solicitor;solicitors;lawsuit;lawsuits;class action;"
    "legal action;suing;sue you;sue them;will sue;to sue;sued;small claims;see you in court;"
    "in court;to court;court order;tribunal;ombudsman;trading standards;consumer protection;"
    "police report;called the police;call the police;to the police;the police;regulator;"
    "regulators;data protection authority;gdpr;subpoena;criminal charges;press charges;ftc;fda";

constexpr std::string_view legal_fr =
    "mon avocat;mon avocate;notre avocat;notre avocate;nos avocats;prendre un avocat;"
    "contacter un avocat;porter plainte;porte plainte;depose plainte;deposer plainte;"
    "plainte contre;mise en demeure;tribunal;proces;en justice;action collective;poursuites;"
    "huissier;commissaire de justice;mediateur;defenseur des droits;repression des fraudes;dgccrf;"
    "cnil;rgpd;la police;gendarmerie;prud hommes;prudhommes;association de consommateurs";

constexpr std::string_view legal_vi =
    "luat su;khoi kien;kien ra toa;dua ra toa;toa an;kien tung;se kien;to cao;cong an;trinh bao;"
    "phap luat;phap ly;bao ve nguoi tieu dung;thanh tra;quan ly thi truong;cuc canh tranh";

constexpr std::string_view press_en =
    "journalist;journalists;reporter;reporters;newspaper;newspapers;local news;on the news;"
    "in the news;news channel;news crew;tv crew;to the press;contact the press;press coverage;"
    "the media;media coverage;news outlet;news outlets;breaking news;headlines";

constexpr std::string_view press_fr =
    "journaliste;journalistes;la presse;les medias;aux medias;journal televise;reportage;"
    "chaine d info;article de presse;dans le journal;dans les journaux";

constexpr std::string_view press_vi =
    "bao chi;nha bao;phong vien;len bao;dua tin;truyen hinh;thoi su;bai bao;len tivi;len tv";

constexpr GraveList lists[] = {
    {Grave::safety, safety_en}, {Grave::safety, safety_fr}, {Grave::safety, safety_vi},
    {Grave::legal, legal_en},   {Grave::legal, legal_fr},   {Grave::legal, legal_vi},
    {Grave::press, press_en},   {Grave::press, press_fr},   {Grave::press, press_vi},
};

} // namespace

std::span<const GraveList> grave_lists() noexcept
{
    return lists;
}

} // namespace empathd::analysis
