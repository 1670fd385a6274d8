#include "daemon/notify/command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace empathd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Fields = std::vector<CommandField>;

/// The least that each type needs.
Fields least(CommandType type)
{
    Fields fields{{"type", std::string(to_string(type))}, {"by", "Mai"}};
    switch (type) {
    case CommandType::silence:
        fields.push_back({"match", "brand = Acme"});
        fields.push_back({"note", "planned works"});
        fields.push_back({"until", "2024-05-01T12:00:00Z"});
        return fields;
    case CommandType::unsilence: fields.push_back({"silence", "s-1"}); return fields;
    case CommandType::merge: fields.push_back({"into", "other"}); break;
    case CommandType::split: fields.push_back({"post", "mastodon https://a.example/1"}); break;
    case CommandType::mark: fields.push_back({"as", "false_alarm"}); break;
    default: break;
    }
    fields.push_back({"incident", "abc"});
    return fields;
}

std::vector<CommandType> every_type()
{
    std::vector<CommandType> types;
    for (std::size_t i = 0; i < command_types; ++i) {
        types.push_back(static_cast<CommandType>(i));
    }
    return types;
}

Fields with(Fields fields, std::string name, std::string value)
{
    fields.push_back({std::move(name), std::move(value)});
    return fields;
}

Fields without(Fields fields, const std::string& name)
{
    std::erase_if(fields, [&name](const CommandField& field) { return field.name == name; });
    return fields;
}

std::string objection(const Fields& fields)
{
    const auto command = parse_command(fields);
    if (command) {
        return "";
    }
    EXPECT_EQ(command.error().kind, ErrorKind::malformed);
    return command.error().message;
}

TEST(Commands, AreReadWithTheLeastTheyNeed)
{
    for (const CommandType type : every_type()) {
        const auto command = parse_command(least(type));
        ASSERT_TRUE(command) << command.error().message;
        EXPECT_EQ(command->type, type);
        EXPECT_EQ(command->by, "Mai");
        EXPECT_EQ(command->key, "");
        EXPECT_EQ(command_type_from(to_string(type)), type);
    }
}

TEST(Commands, LackNothingTheyNeed)
{
    for (const CommandType type : every_type()) {
        for (const CommandField& field : least(type)) {
            const std::string why = objection(without(least(type), field.name));
            EXPECT_THAT(why, StartsWith(field.name + ": ")) << to_string(type);
        }
    }
}

TEST(Commands, CarryEverythingTheySay)
{
    const auto command = parse_command(Fields{{"id", "7f3a"},
                                              {"type", "acknowledge"},
                                              {"incident", "abc"},
                                              {"until", "2024-05-01T14:00:00+02:00"},
                                              {"note", "đang gọi\ncho khách"},
                                              {"by", "Nguyễn Mai"}});

    ASSERT_TRUE(command) << command.error().message;
    EXPECT_EQ(command->id, "7f3a");
    EXPECT_EQ(command->by, "Nguyễn Mai");
    EXPECT_EQ(command->note, "đang gọi\ncho khách");
    EXPECT_EQ(command->until, parse_rfc3339("2024-05-01T12:00:00Z"));
}

TEST(Commands, MayNameSeveralPostsAndMatchers)
{
    const auto split =
        parse_command(with(least(CommandType::split), "post", "lemmy https://b.example/a b"));
    ASSERT_TRUE(split) << split.error().message;
    EXPECT_THAT(split->posts, ElementsAre(PostKey{"mastodon", "https://a.example/1"},
                                          PostKey{"lemmy", "https://b.example/a b"}));

    const auto silence =
        parse_command(with(least(CommandType::silence), "match", "severity != critical"));
    ASSERT_TRUE(silence) << silence.error().message;
    EXPECT_THAT(silence->matchers, ElementsAre("brand = Acme", "severity != critical"));
}

TEST(Commands, MaySilenceOneIncident)
{
    const Fields fields = with(without(least(CommandType::silence), "match"), "incident", "abc");

    const auto command = parse_command(fields);

    ASSERT_TRUE(command) << command.error().message;
    EXPECT_EQ(command->incident, "abc");
    EXPECT_THAT(objection(with(fields, "match", "brand = Acme")), HasSubstr("either an incident"));
}

TEST(Commands, RefuseFieldsThatMeanNothingToThem)
{
    const Fields acknowledge = least(CommandType::acknowledge);
    EXPECT_THAT(objection(with(acknowledge, "into", "x")),
                StartsWith("into: has no meaning for acknowledge"));
    EXPECT_THAT(objection(with(acknowledge, "owner", "x")), StartsWith("\"owner\": unknown field"));
    EXPECT_THAT(objection(with(acknowledge, "by", "Lan")), StartsWith("by: is there twice"));
    EXPECT_THAT(objection(with(least(CommandType::unsilence), "incident", "x")),
                StartsWith("incident: has no meaning"));
}

struct Bad {
    const char* name;
    CommandType type;
    const char* field;
    std::string value;
    const char* message;
};

class CommandFields : public ::testing::TestWithParam<Bad> {};

TEST_P(CommandFields, AreRefusedByName)
{
    const Bad& bad = GetParam();
    EXPECT_THAT(
        objection(with(without(least(bad.type), bad.field), bad.field, bad.value)),
        ::testing::AllOf(StartsWith(std::string(bad.field) + ": "), HasSubstr(bad.message)));
}

using enum CommandType;

INSTANTIATE_TEST_SUITE_P(
    All, CommandFields,
    ::testing::Values(
        Bad{"TypeEmpty", acknowledge, "type", "", "missing"},
        Bad{"TypeUnknown", acknowledge, "type", "delete\n", "\"delete?\" is no command"},
        Bad{"TypeInCapitals", acknowledge, "type", "Acknowledge", "is no command"},
        Bad{"ByEmpty", acknowledge, "by", " ", "empty"},
        Bad{"ByLong", acknowledge, "by", std::string(201, 'x'), "longer than 200 bytes"},
        Bad{"ByOnTwoLines", acknowledge, "by", "Mai\nLan", "control characters"},
        Bad{"ByWithAnEscape", acknowledge, "by", "\x1b[2J", "control characters"},
        Bad{"ByNoUtf8", acknowledge, "by", "\xff\xfe", "not UTF-8"},
        Bad{"NoteLong", acknowledge, "note", std::string(4'001, 'x'), "longer than 4000 bytes"},
        Bad{"NoteWithANul", acknowledge, "note", std::string("a\0b", 3), "control characters"},
        Bad{"IncidentEmpty", resolve, "incident", "", "empty"},
        Bad{"IncidentWithASpace", resolve, "incident", "a b", "printable ASCII"},
        Bad{"IncidentLong", resolve, "incident", std::string(129, 'a'), "longer than 128 bytes"},
        Bad{"IdNotAscii", reopen, "id", "é", "printable ASCII"},
        Bad{"UntilNoTime", acknowledge, "until", "tomorrow", "\"tomorrow\" is no time"},
        Bad{"UntilNoZone", silence, "until", "2024-05-01T12:00:00", "is no time"},
        Bad{"UntilNoDay", silence, "until", "2024-02-30T12:00:00Z", "is no time"},
        Bad{"OutcomeNoWord", resolve, "outcome", "All fine!", "is no word"},
        Bad{"AsLong", mark, "as", std::string(65, 'a'), "is no word"},
        Bad{"IntoItself", merge, "into", "abc", "is the incident itself"},
        Bad{"PostWithoutId", split, "post", "mastodon", "is not \"NETWORK ID\""},
        Bad{"PostWithoutNetwork", split, "post", " 1", "is not \"NETWORK ID\""},
        Bad{"PostLong", split, "post", "m " + std::string(2'000, 'x'), "longer than 2000"},
        Bad{"MatchEmpty", silence, "match", "", "empty"},
        Bad{"MatchLong", silence, "match", std::string(2'001, 'x'), "longer than 2000"}),
    [](const auto& test) { return test.param.name; });

TEST(Commands, AreBounded)
{
    Fields many = least(CommandType::split);
    for (std::size_t i = 0; i < command_posts_max; ++i) {
        many.push_back({"post", "lemmy " + std::to_string(i)});
    }
    EXPECT_THAT(objection(many), StartsWith("post: more than 500"));
    many.resize(command_fields_max + 1, {"post", "x y"});
    EXPECT_THAT(objection(many), HasSubstr("more than 600 fields"));

    Fields matchers = least(CommandType::silence);
    for (std::size_t i = 0; i < command_matchers_max; ++i) {
        matchers.push_back({"match", "brand = x" + std::to_string(i)});
    }
    EXPECT_THAT(objection(matchers), StartsWith("match: more than 20"));
    EXPECT_THAT(objection(with(least(CommandType::split), "post", "mastodon https://a.example/1")),
                HasSubstr("is there twice"));
}

TEST(Commands, ShowLittleOfWhatStrangersWrote)
{
    const std::string why = objection(with({}, "type", std::string(5'000, 'x') + "\x1b[31m"));
    EXPECT_LT(why.size(), 100u);
    EXPECT_EQ(why.find('\x1b'), std::string::npos);
}

TEST(CommandKeys, AreThoseOfTheClientOrOfPlaceAndContent)
{
    const Fields one = least(CommandType::resolve);
    const Fields other = with(one, "note", "x");
    const std::set<std::string> keys{command_key_of_client("1-0"),
                                     command_key_of_place("1-0", one),
                                     command_key_of_place("1-0", other),
                                     command_key_of_place("2-0", one),
                                     command_key_of_place("1-0", Fields{{"a", "bc"}}),
                                     command_key_of_place("1-0", Fields{{"ab", "c"}})};

    EXPECT_EQ(keys.size(), 6u);
    EXPECT_EQ(command_key_of_place("1-0", one), command_key_of_place("1-0", one));
    EXPECT_EQ(command_key_of_client("7f3a"), "client:7f3a");
}

} // namespace
} // namespace empathd
