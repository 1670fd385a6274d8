#pragma once

#include "analysis/experience/lexicon.hpp"

#include <string_view>

/// The lists of the lexicon, written for this project. Longer than other files: it is data.
namespace empathd::analysis::lexicon {

/// Words of one class and language, apart by spaces; '_' joins two words in a row.
struct WordList {
    WordClass word_class;
    LexiconLanguage language;
    std::string_view words;
};

using enum WordClass;
using enum LexiconLanguage;

inline constexpr WordList english[] = {
    {negation, en,
     "not no never none nothing nor neither without hardly barely isn't aren't wasn't weren't "
     "don't "
     "dont doesn't doesnt didn't didnt can't cant cannot couldn't won't wont wouldn't shouldn't "
     "haven't hasn't hadn't ain't"},
    {praise, en,
     "good great excellent amazing awesome fantastic brilliant wonderful perfect perfectly lovely "
     "love loved loves enjoy enjoyed best better nice friendly helpful kind polite courteous "
     "attentive delicious tasty yummy fresh clean fast quick quickly easy easily smooth smoothly "
     "happy pleased glad delighted impressed impressive recommend recommended superb outstanding "
     "beautiful cozy cosy charming pleasant fun favorite favourite reliable efficient generous "
     "affordable reasonable fair professional knowledgeable patient well worth flawless spotless "
     "comfortable warm welcoming gem incredible exceptional fabulous stunning terrific win winner "
     "cool yay hooray congrats congratulations bravo kudos proud excited sweet wow legend hero "
     "saved sorted fixed solved resolved works top-notch five_stars 5_stars well_done spot_on "
     "hats_off shout_out looking_forward cant_wait can't_wait made_my as_promised on_time no_fuss "
     "no_complaints no_problems well_worth"},
    {blame, en,
     "bad awful terrible horrible worst worse poor poorly disgusting disgusted disgrace "
     "disgraceful "
     "appalling pathetic useless rubbish garbage trash crap crappy shit shitty joke ridiculous "
     "unacceptable disappointing disappointed disappointment dissapointed dissapointing rude "
     "unhelpful unprofessional dismissive arrogant ignorant incompetent clueless slow slowly lazy "
     "dirty filthy gross nasty stale cold bland tasteless overpriced expensive pricey ripoff scam "
     "scammed scammers fraud thieves robbed lied lying liar liars lies shame shameful shocking "
     "hate "
     "hated hates angry furious annoyed annoying frustrated frustrating frustration fuming upset "
     "sad "
     "sick fed tired nightmare hell mess shambles farce fiasco sucks suck sucked fail failed fails "
     "failure horrendous dreadful abysmal mediocre meh boring ugly cheap flimsy noisy loud smelly "
     "unsafe dangerous misleading deceptive unfair insulting insulted humiliated ashamed regret "
     "avoid beware wtf ugh smh stupid idiots idiot ruined wasted waste crying cried worried scared "
     "inconvenient inconvenience unreliable unresponsive hopeless laughable ripped_off rip_off "
     "fed_up let_down never_again stay_away not_impressed not_happy not_acceptable not_good "
     "not_worth last_straw"},
    {failure, en,
     "broken broke breaks broke_down faulty defective damaged crash crashes crashed crashing bug "
     "bugs "
     "buggy glitch error errors freeze freezes frozen lag lags laggy down outage offline stuck "
     "stopped late delay delayed delays cancelled canceled cancel cancels missing lost stolen "
     "wrong "
     "incorrect overcharged charged charge refund refunded refuse refused refuses declined "
     "rejected "
     "ignored ignore ignores ignoring unanswered issue issues problem problems trouble complaint "
     "complain complained leak leaking leaks cracked torn ripped dead died fault locked blocked "
     "suspended unable cannot can't cant won't wont doesn't doesnt didn't didnt isn't hasn't "
     "haven't "
     "couldn't wouldn't aren't wasn't not_working stopped_working doesn't_work won't_load no_reply "
     "no_answer "
     "no_response no_one nobody no_refund hung_up on_hold still_waiting still_no still_not "
     "yet_to never_arrived not_arrived not_received wrong_order wrong_item out_of kicked mould "
     "mold "
     "bug hair poisoning sick_after"},
    {help, en,
     "help please pls plz assist assistance advise urgent asap sort fix resolve explain respond "
     "answer_me contact_me call_me dm help_me any_help any_update any_news any_idea someone_help "
     "look_into sort_this sort_it fix_this fix_it can_you could_you"},
    {thanks, en,
     "thanks thank thankyou thx ty cheers grateful appreciate appreciated thankful thank_you "
     "many_thanks much_appreciated"},
    {intensifier, en,
     "very really so too extremely absolutely totally completely utterly incredibly seriously "
     "super "
     "honestly literally truly highly beyond again still even yet always another every constantly "
     "keeps repeatedly"},
    {contrast, en, "but however although though except despite yet unfortunately until instead"},
    {waiting, en,
     "wait waiting waited hour hours minutes mins days weeks months hold queue queued since ago "
     "still_waiting"},
    {asking, en,
     "what when where which who how why anyone anybody does do is are can could would should "
     "wondering how_do how_can is_there does_anyone do_you"},
    {advert, en,
     "hiring apply vacancy giveaway win_a free sale discount offer % subscribe announces announced "
     "launches shares follow rt sponsored join_us we're_hiring our_new check_out click link bio "
     "contest prize promo code"},
    {self, en,
     "i i'm i've i'd i'll im ive my me mine myself we we've our us my_husband my_wife my_mum "
     "my_mom "
     "my_son my_daughter my_dad"},
    {you, en, "you your you're youre yours u ur you_guys your_app your_team your_staff y'all"},
    {dealing, en,
     "customer customers service support staff order ordered orders delivery deliver delivered "
     "parcel "
     "package account bill invoice booking booked reservation subscription app website store shop "
     "driver agent manager reception chat email emailed call called phone ticket payment paid "
     "contract warranty flight train bus room table appointment card password login engineer "
     "customer_service call_centre helpline"},
};

inline constexpr WordList french[] = {
    {negation, fr,
     "pas jamais aucun aucune rien sans ni personne guère non pas_du n'est plus_aucun plus_de"},
    {praise, fr,
     "bon bonne bons bonnes bien excellent excellente excellents excellentes parfait parfaite "
     "parfaits parfaites super génial géniale top formidable merveilleux merveilleuse magnifique "
     "superbe sympa sympathique sympathiques agréable agréables charmant charmante accueillant "
     "accueillante chaleureux chaleureuse gentil gentille gentils aimable aimables poli serviable "
     "serviables efficace efficaces rapide rapides rapidement facile facilement simple propre "
     "délicieux délicieuse délicieuses succulent savoureux copieux copieuse frais fraîche raffiné "
     "adore adoré j'adore aime aimé content contente contents satisfait satisfaite satisfaits ravi "
     "ravie heureux heureuse recommande recommander conseille bravo impeccable nickel chapeau "
     "félicitations qualité professionnel professionnelle professionnels compétent compétente "
     "compétents réactif réactive réactivité disponible écoute attentif attentionné soigné belle "
     "beau bonheur plaisir régal régalé meilleur meilleure exceptionnel exceptionnelle incroyable "
     "résolu réglé débloqué rassuré pro cool kiffe trop_bien très_bien très_bon très_bonne "
     "au_top bonne_surprise sans_problème sans_souci aux_petits petits_soins je_recommande "
     "à_l'heure "
     "bonne_adresse rien_à"},
    {blame, fr,
     "mauvais mauvaise mauvaises nul nulle nuls nulles horrible horribles affreux affreuse "
     "catastrophe "
     "catastrophique catastrophiques lamentable lamentables honte honteux honteuse scandaleux "
     "scandaleuse scandale inadmissible inacceptable inadmissibles pire pires médiocre décevant "
     "décevante déçu déçue déçus déception dégueulasse dégoûtant dégoûtée dégoûté dégoutant sale "
     "crade infect immangeable froid froide fade insipide sec trop_cher cher chère chers arnaque "
     "arnaqueurs arnaqué arnaquer voleurs vol escroc escrocs escroquerie menteurs mensonge menti "
     "mensonges impoli impolie malpoli malpolie désagréable désagréables méprisant méprisante "
     "mépris "
     "arrogant arrogante hautain hautaine incompétent incompétente incompétents incompétence lent "
     "lente lents lenteur interminable ridicule absurde insupportable pénible galère galères enfer "
     "cauchemar merde merdique chiant pourri pourrie foutage foutu colère énervé énervée furieux "
     "furieuse marre ras-le-bol agacé triste tristes fuir éviter fuyez évitez regrette regret "
     "bruyant bruit vieillot moyen bof honteusement dommage malheureusement injuste injustice "
     "indigne indignée indigné stress stressé angoisse désespérée désespéré épuisé plus_jamais "
     "en_colère ras_le en_marre pas_content pas_satisfait pas_terrible pas_normal se_moque se_fout "
     "moque_de à_éviter à_fuir sans_goût"},
    {failure, fr,
     "panne pannes bug bugs bugue beugue plante planté plantage erreur erreurs cassé cassée cassés "
     "casse abîmé abîmée défectueux défectueuse retard retards retardé annulé annulée annulés "
     "supprimé supprimée perdu perdue perdus manque manquant manquante manquants disparu bloqué "
     "bloquée bloqués bloque refus refuse refusé refusée rejeté rejetée impossible impossibles "
     "injoignable injoignables débité débitée prélevé prélevée prélèvement surfacturé facturé "
     "rembourser remboursement remboursé problème problèmes souci soucis litige réclamation "
     "réclamations relance relances relancé injustifié indisponible inaccessible coupure coupé "
     "coupée fuite sans_réponse aucune_réponse pas_de aucun_retour aucune_nouvelle ne_marche "
     "ne_fonctionne "
     "fonctionne_pas marche_plus marche_pas fonctionne_plus en_panne en_retard pas_reçu "
     "jamais_reçu "
     "rien_reçu toujours_pas toujours_rien toujours_aucun toujours_aucune personne_ne raccroché "
     "raccroche raccroché_au me_renvoie renvoie répondeur rien_ne hors_service mal_cuit"},
    {help, fr,
     "aide aider aidez svp stp s'il_vous urgent urgence merci_de pouvez_vous pourriez_vous "
     "aidez_moi "
     "besoin_d quelqu'un comment_faire que_faire que_dois répondez contactez solution help"},
    {thanks, fr,
     "merci remercie remercier remerciements mercii reconnaissant reconnaissante grand_merci "
     "merci_beaucoup merci_pour merci_à un_grand"},
    {intensifier, fr,
     "très trop vraiment tellement si absolument totalement complètement carrément hyper ultra "
     "franchement extrêmement encore toujours même depuis chaque plusieurs énième tout_à"},
    {contrast, fr,
     "mais cependant pourtant sauf malgré toutefois hormis or par_contre seul_bémol bémol"},
    {waiting, fr,
     "attente attendre attends attend attendu heure heures minutes jours semaines mois depuis "
     "queue "
     "délai délais patienter il_y ça_fait cela_fait"},
    {asking, fr,
     "quand où comment pourquoi quel quelle quels quelles qui combien est-ce est_ce savez sait "
     "savoir y_a qu'est quelqu'un_sait"},
    {advert, fr,
     "recrute recrutement embauche cdi cdd gratuit gratuite promo promotion offre concours jeu "
     "gagner lance annonce découvrez inscrivez rejoignez profitez rdv partenariat communiqué "
     "bourse actu inauguration code"},
    {self, fr,
     "je j'ai j' j moi mon ma mes m me nous notre nos on ma_mère mon_mari ma_fille mon_fils "
     "ma_femme ma_grand"},
    {you, fr, "vous votre vos toi tu ton ta tes votre_appli votre_service chez_vous"},
    {dealing, fr,
     "client clients clientèle service conseiller conseillère commande commandé commander "
     "livraison "
     "livreur livré colis compte facture réservation réservé abonnement appli application site "
     "magasin "
     "boutique vendeur vendeuse agence guichet accueil serveur serveuse mail mails appel appelé "
     "téléphone paiement payé contrat garantie dossier train vol bus chambre table rendez-vous rdv "
     "technicien carte connexion sav service_client service_clients hotline"},
};

inline constexpr WordList vietnamese[] = {
    {negation, vi,
     "không ko k kg kh hông hong hok hem hổng chẳng chả chưa chớ đừng khỏi đâu_có chẳng_có "
     "không_hề"},
    {praise, vi,
     "tốt tuyệt tuyệt_vời hay đẹp ngon ngon_lành xịn xịn_sò ưng ưng_ý thích yêu hài_lòng vui "
     "vui_vẻ "
     "dễ_thương dễ_mến dễ_chịu nhiệt_tình thân_thiện chu_đáo tận_tình tận_tâm lịch_sự niềm_nở "
     "chuyên_nghiệp nhanh nhanh_chóng nhanh_gọn sạch sạch_sẽ thoải_mái tiện tiện_lợi tiện_nghi "
     "rẻ hợp_lý phải_chăng chất_lượng bền mượt mượt_mà ổn ok oke okie êm mịn thơm tươi chuẩn "
     "xuất_sắc hoàn_hảo đáng_tiền đáng_mua nên_mua khen ủng_hộ ấn_tượng bất_ngờ may_mắn đỉnh "
     "cẩn_thận kỹ_càng đúng_hẹn đúng_giờ đúng_mô hữu_ích dễ_hiểu dễ_dùng yên_tâm hạnh_phúc "
     "rộng_rãi yên_tĩnh đậm_đà sướng cưng chắc_chắn giới_thiệu quá_ngon rất_tốt rất_hay 10_điểm "
     "5_sao năm_sao good nice perfect"},
    {blame, vi,
     "tệ tồi tồi_tệ tệ_hại dở dở_tệ kém kém_chất chán xấu bẩn dơ hôi hôi_hám ghê kinh kinh_khủng "
     "khủng_khiếp thất_vọng bực bực_mình bực_bội tức tức_giận cáu ức ức_chế khó_chịu khó_khăn "
     "phiền "
     "phiền_phức mệt mệt_mỏi buồn nản nản_lòng ghét láo láo_toét hỗn thô_lỗ cộc_lốc thờ_ơ "
     "lạnh_nhạt "
     "lạnh_lùng vô_trách vô_duyên vô_lý coi_thường khinh_thường lừa lừa_đảo lừa_dối gian_dối gian "
     "dối_trá chặt_chém đắt mắc lâu chậm chậm_chạp chậm_trễ ì_ạch ồn ồn_ào nhạt nhạt_nhẽo nguội "
     "khét mặn rác rác_rưởi vớ_vẩn nhảm bất_tiện bất_lịch bất_mãn không_tốt không_hài không_ngon "
     "không_thích không_nên không_hay không_đẹp không_đáng chưa_tốt tránh_xa cạch tẩy_chay "
     "thiếu_tôn thái_độ mất_dạy hối_hận phí_tiền tốn_tiền sợ lo lo_lắng xúc_phạm tởm đểu "
     "qua_loa hời_hợt quát mắng thiếu sơ_sài cũ_kỹ xuống_cấp nghèo_nàn một_sao 1_sao bad"},
    {failure, vi,
     "lỗi bị_lỗi hỏng hư bể vỡ nứt rách móp méo thiếu_hàng sai giao_sai nhầm giao_nhầm giao_thiếu "
     "trễ "
     "giao_trễ giao_chậm muộn hủy huỷ bị_hủy mất bị_mất thất_lạc lag giật đơ treo sập văng "
     "nóng_máy "
     "sụt_pin hao_pin tụt_pin mau_hết nhanh_hết chết_máy sập_nguồn mất_sóng mất_mạng rớt_mạng "
     "mất_điện cúp_điện rò_rỉ trừ_tiền bị_trừ hoàn_tiền trả_hàng bảo_hành đền_bù bồi_thường "
     "khiếu_nại phản_ánh từ_chối bị_từ bị_khóa bị_chặn khóa_tài không_được ko_được k_được "
     "không_vào "
     "không_ai không_nghe không_trả không_liên không_thể không_giao không_nhận không_chạy "
     "không_lên không_có chưa_nhận chưa_thấy chưa_được chưa_có chưa_giao chưa_xong vẫn_chưa "
     "mãi_không mãi_chưa im_lặng im_re biệt_tăm không_giống khác_hình hết_hạn ôi thiu mốc đau_bụng "
     "ngộ_độc vấn_đề sự_cố trục_trặc cúp_máy tắt_máy đùn_đẩy"},
    {help, vi,
     "giúp giúp_em giúp_mình giúp_với hỗ_trợ xin cứu làm_ơn nhờ giải_quyết xử_lý kiểm_tra "
     "hướng_dẫn tư_vấn "
     "cho_hỏi cho_em cho_mình mọi_người ai_biết ib inbox phải_làm làm_sao liên_hệ"},
    {thanks, vi, "cảm_ơn cám_ơn camon thanks tks thank biết_ơn tri_ân xin_cảm"},
    {intensifier, vi,
     "rất quá lắm cực cực_kỳ siêu vô_cùng hết_sức thật thật_sự thực_sự hoàn_toàn luôn vãi vcl vl "
     "ghê_gớm khá hơi mãi hoài lại toàn suốt nữa"},
    {contrast, vi,
     "nhưng nhưng_mà tuy tuy_nhiên mà dù mặc_dù ngoại_trừ chỉ_có mỗi_tội được_cái thế_mà"},
    {waiting, vi,
     "chờ đợi giờ tiếng phút ngày tuần tháng hôm_qua hôm_nay mãi chờ_mãi đợi_mãi cả_tuần cả_tháng "
     "xếp_hàng từ_hôm"},
    {asking, vi,
     "bao_giờ khi_nào ở_đâu bao_nhiêu thế_nào như_nào sao tại_sao vì_sao làm_sao được_không "
     "có_không phải_không gì_vậy ai ạ nhỉ vậy cho_hỏi mấy_giờ"},
    {advert, vi,
     "tuyển tuyển_dụng khuyến_mãi giảm_giá miễn_phí ưu_đãi voucher sale ra_mắt khai_trương "
     "trúng_thưởng tặng quà minigame đăng_ký livestream hotline chính_hãng theo_dõi chia_sẻ "
     "thông_báo tin_tức công_bố"},
    {self, vi,
     "em mình tôi tui tao tớ chúng_tôi tụi_em tụi_mình nhà_em nhà_mình bọn_em mẹ_em con_em vợ_em "
     "chồng_em của_em của_mình tụi_tui mẹ_mình con_mình"},
    {you, vi, "bạn shop shop_ơi ad ad_ơi bên_bạn anh_chị các_bạn quý_công page ơi admin bên_mình"},
    {dealing, vi,
     "khách khách_hàng nhân_viên dịch_vụ tổng_đài hotline đơn_hàng đặt_hàng giao_hàng đơn ship "
     "shipper "
     "kiện_hàng gói_hàng tài_khoản hóa_đơn hoá_đơn đặt_phòng đặt_bàn đặt_vé gói_cước ứng_dụng app "
     "trang_web "
     "cửa_hàng quản_lý lễ_tân bảo_vệ tài_xế thu_ngân nhắn_tin tin_nhắn gọi_điện thanh_toán "
     "chuyển_khoản "
     "hợp_đồng chuyến_bay chuyến_xe phòng mật_khẩu đăng_nhập kỹ_thuật thẻ vé cskh"},
};

} // namespace empathd::analysis::lexicon
