#include "daemon/notify/template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::vector<std::string> known{"a", "b", "link", "list"};

std::vector<std::string> problems_of(std::string_view source)
{
    std::vector<TemplateProblem> found;
    const Template made(source, known, found);
    std::vector<std::string> out;
    for (const TemplateProblem& problem : found) {
        out.push_back(std::to_string(problem.line) + ": " + problem.message);
    }
    return out;
}

std::string filled_in(std::string_view source, const Fields& fields, Target target = Target::plain)
{
    std::vector<TemplateProblem> found;
    const Template made(source, known, found);
    EXPECT_THAT(found, IsEmpty()) << source;
    return made.render(fields, target);
}

Field text(std::string value)
{
    return {FieldKind::text, {std::move(value)}};
}

const Fields some{{"a", text("<A>")},
                  {"link", {FieldKind::link, {"https://x.test/?p&q"}}},
                  {"list", {FieldKind::text, {"one", "two"}}}};

TEST(Template, FillsInFields)
{
    EXPECT_EQ(filled_in("a is {{a}} and {{ a }}.", some), "a is <A> and <A>.");
    EXPECT_EQ(filled_in("{{b}}", some), "");
    EXPECT_EQ(filled_in("{{list}}", some), "one");
    EXPECT_EQ(filled_in("", some), "");
    EXPECT_EQ(filled_in("no { braces } }} here", some), "no { braces } }} here");
}

TEST(Template, EscapesForItsTarget)
{
    EXPECT_EQ(filled_in("<b>{{a}}</b> {{link}}", some, Target::html),
              "<b>&lt;A&gt;</b> https://x.test/?p&amp;q");
    EXPECT_EQ(filled_in("<{{link}}|{{a}}>", some, Target::slack),
              "<https://x.test/?p&amp;q|&lt;A&gt;>");
}

TEST(Template, DoesNotFillInWhatAValueSays)
{
    EXPECT_EQ(filled_in("{{a}}", {{"a", text("{{b}} {{#list}}")}, {"b", text("secret")}}),
              "{{b}} {{#list}}");
}

TEST(Template, ShowsASectionForEachValue)
{
    EXPECT_EQ(filled_in("{{#list}}[{{.}}]{{/list}}", some), "[one][two]");
    EXPECT_EQ(filled_in("{{#a}}yes{{/a}}{{#b}}no{{/b}}{{^b}}none{{/b}}{{^a}}no{{/a}}", some),
              "yesnone");
    EXPECT_EQ(filled_in("{{#list}}{{#a}}{{.}}{{/a}}{{^b}}{{.}} {{/b}}{{/list}}", some),
              "<A>one <A>two ");
    EXPECT_EQ(filled_in("{{#b}}{{#list}}x{{/list}}{{/b}}y", some), "y");
}

TEST(Template, LeavesNoLineBehindATagThatStandsAlone)
{
    EXPECT_EQ(filled_in("x\n  {{#a}}\nyes\n{{/a}}  \ny\n", some), "x\nyes\ny\n");
    EXPECT_EQ(filled_in("x\r\n{{#b}}\r\nno\r\n{{/b}}\r\ny", some), "x\r\ny");
    EXPECT_EQ(filled_in("{{! a word }}\nx {{! more }}y\n", some), "x y\n");
}

TEST(Template, SaysWhatIsWrongAndWhere)
{
    EXPECT_THAT(problems_of("x\n{{c}}\n{{#a}}\n{{#d}}{{/d}}"),
                ElementsAre("2: unknown field \"c\"", "4: unknown field \"d\"",
                            "3: {{#a}} is never closed"));
    EXPECT_THAT(problems_of("\n\n{{a"), ElementsAre("3: \"{{\" is never closed by \"}}\""));
    EXPECT_THAT(problems_of("{{/a}}"), ElementsAre("1: {{/a}} closes nothing"));
    EXPECT_THAT(problems_of("{{#a}}{{/b}}"),
                ElementsAre("1: {{/b}} stands where {{/a}} was expected"));
    EXPECT_THAT(problems_of("{{.}}{{^a}}{{.}}{{/a}}"),
                ElementsAre(HasSubstr("outside of a section"), HasSubstr("outside of a section")));
}

TEST(Template, KnowsNoOtherTags)
{
    for (const char* source : {"{{{a}}}", "{{&a}}", "{{> file}}", "{{=<% %>=}}", "{{}}", "{{A}}"}) {
        EXPECT_THAT(problems_of(source), ElementsAre(HasSubstr("unknown kind of tag"))) << source;
    }
}

TEST(Template, HasLimits)
{
    EXPECT_THAT(problems_of(std::string(template_bytes_max + 1, 'x')),
                ElementsAre(HasSubstr("longer than")));
    EXPECT_THAT(problems_of("\xFF"), ElementsAre("1: not UTF-8"));
    std::string deep;
    for (std::size_t i = 0; i <= template_depth_max; ++i) {
        deep = "{{#a}}" + deep + "{{/a}}";
    }
    EXPECT_THAT(problems_of(deep), ElementsAre(HasSubstr("sections inside each other")));

    std::string greedy;
    for (int i = 0; i < 1'000; ++i) {
        greedy += "{{a}}";
    }
    EXPECT_LE(filled_in(greedy, {{"a", text(std::string(2'000, 'x'))}}).size(), rendered_bytes_max);
}

} // namespace
} // namespace empathd
