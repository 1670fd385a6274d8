#include "analysis/model/experience.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace empathd {
namespace {

TEST(Facets, HaveEachANameThatFindsIt)
{
    std::set<std::string_view> names;
    for (const Facet facet : all_facets()) {
        EXPECT_EQ(facet_named(name_of(facet)), facet);
        names.insert(name_of(facet));
    }
    EXPECT_EQ(names.size(), facet_count);
    EXPECT_EQ(name_of(Facet::sentiment), "sentiment");
    EXPECT_EQ(name_of(Facet::audience), "audience");
}

TEST(Facets, AreNotFoundByANameThatIsNoFacets)
{
    for (const std::string_view name : {"", "complaint", "language", "Sentiment", "sentiment "}) {
        EXPECT_EQ(facet_named(name), std::nullopt) << name;
    }
}

TEST(Facets, HaveTwoToFourteenLabelsOfTheirOwn)
{
    for (const Facet facet : all_facets()) {
        const auto labels = labels_of(facet);
        EXPECT_GE(labels.size(), 2U) << name_of(facet);
        EXPECT_LE(labels.size(), 14U) << name_of(facet); // What four bits hold.
        EXPECT_EQ(std::set(labels.begin(), labels.end()).size(), labels.size()) << name_of(facet);
        EXPECT_FALSE(std::set(labels.begin(), labels.end()).contains(unsure)) << name_of(facet);
    }
}

TEST(Answer, GivesTheProbabilityOfALabelOrZero)
{
    const Answer answer{.label = "yes",
                        .probability = 0.9F,
                        .probabilities = {{"yes", 0.9F}, {"no", 0.1F}},
                        .evidence = {}};
    EXPECT_EQ(probability_of(answer, "no"), 0.1F);
    EXPECT_EQ(probability_of(answer, "maybe"), 0);
    EXPECT_EQ(probability_of(Answer{}, "yes"), 0);
}

TEST(PackedLabels, GiveBackEveryLabelOfEveryFacet)
{
    for (const Facet facet : all_facets()) {
        for (const std::string_view label : labels_of(facet)) {
            Experience experience;
            experience.of(facet).label = label;
            const std::uint64_t packed = pack_labels(experience);
            for (const Facet other : all_facets()) {
                EXPECT_EQ(packed_label(packed, other), other == facet ? label : unsure)
                    << name_of(facet) << ' ' << label << ' ' << name_of(other);
            }
        }
    }
}

TEST(PackedLabels, GiveBackAllFacetsAtOnce)
{
    Experience experience;
    for (const Facet facet : all_facets()) {
        experience.of(facet).label = labels_of(facet).back();
    }
    const std::uint64_t packed = pack_labels(experience);
    for (const Facet facet : all_facets()) {
        EXPECT_EQ(packed_label(packed, facet), labels_of(facet).back());
    }
    EXPECT_EQ(packed >> (4 * facet_count), 0U);
}

TEST(PackedLabels, KnowWhereNothingWasAsked)
{
    Experience experience;
    experience.of(Facet::reason).label = none;
    experience.of(Facet::target).label = none;
    const std::uint64_t packed = pack_labels(experience);
    EXPECT_EQ(packed_label(packed, Facet::reason), none);
    EXPECT_EQ(packed_label(packed, Facet::target), none);
    EXPECT_EQ(packed_label(packed, Facet::sentiment), unsure);
}

TEST(PackedLabels, TakeALabelThatIsNoneOfTheFacetsAsUnsure)
{
    Experience experience;
    experience.of(Facet::sentiment).label = "angry";
    experience.of(Facet::leaving).label = none;
    EXPECT_EQ(pack_labels(experience), 0U);
    EXPECT_EQ(packed_label(~std::uint64_t{0}, Facet::sentiment), unsure); // A damaged number.
}

TEST(PackedLabels, AreFoundByTheBitsOfOneLabel)
{
    for (const Facet facet : all_facets()) {
        for (const std::string_view label : labels_of(facet)) {
            Experience experience;
            experience.of(facet).label = label;
            const auto one = pack_label(facet, label);
            ASSERT_TRUE(one) << name_of(facet) << ' ' << label;
            EXPECT_EQ(pack_labels(experience) & one->mask, one->bits);
            EXPECT_NE(pack_labels(Experience{}) & one->mask, one->bits);
        }
        ASSERT_TRUE(pack_label(facet, unsure));
        EXPECT_EQ(pack_label(facet, unsure)->bits, 0U);
    }
}

TEST(PackedLabels, GiveNothingForALabelTheFacetHasNot)
{
    EXPECT_FALSE(pack_label(Facet::sentiment, "yes"));
    EXPECT_FALSE(pack_label(Facet::sentiment, ""));
    EXPECT_FALSE(pack_label(Facet::sentiment, none));
    EXPECT_FALSE(pack_label(Facet::stage, none));
    EXPECT_TRUE(pack_label(Facet::reason, none));
    EXPECT_TRUE(pack_label(Facet::target, none));
    EXPECT_TRUE(pack_label(Facet::need, none)); // A label like any other.
    EXPECT_TRUE(pack_label(Facet::witness, none));
}

// Stores hold these numbers: another order of facets or labels needs a migration.
TEST(PackedLabels, NeverChange)
{
    EXPECT_EQ(pack_label(Facet::sentiment, "negative")->bits, 2U);
    EXPECT_EQ(pack_label(Facet::experience, "complaint")->bits, 2U << 8);
    EXPECT_EQ(pack_label(Facet::experience, "complaint")->mask, 15U << 8);
    EXPECT_EQ(pack_label(Facet::reason, none)->bits, 1U << 12);
    EXPECT_EQ(pack_label(Facet::need, none)->bits, 9U << 20);
    EXPECT_EQ(pack_label(Facet::audience, "employee")->bits, std::uint64_t{3} << 44);
}

} // namespace
} // namespace empathd
