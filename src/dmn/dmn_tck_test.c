/* Conformance cases of our own: what passes, what fails and says so, what does not count. */
#include "dmn/dmn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CASES(body)                                                                                \
    "<testCases xmlns='http://www.omg.org/spec/DMN/20160719/testcase' "                            \
    "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "                                       \
    "xmlns:xsd='http://www.w3.org/2001/XMLSchema'><modelName>m.dmn</modelName>" body "</testCases>"
#define CASE(text, attrs, expected)                                                                \
    "<testCase id='1'><inputNode name='x'><value xsi:type='xsd:decimal'>2</value></inputNode>"     \
    "<resultNode name='" text "' " attrs "><expected>" expected "</expected></resultNode>"         \
    "</testCase>"
#define VALUE(type, text) "<value xsi:type='xsd:" type "'>" text "</value>"
#define NIL "<value xsi:nil='true'/>"
#define DECISION(name, text)                                                                       \
    "<decision id='" name "' name='" name "'><informationRequirement><requiredInput href='#x'/>"   \
    "</informationRequirement><literalExpression><text>" text                                      \
    "</text></literalExpression></decision>"

static const char model[] =
    "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' namespace='u' name='m'>"
    "<inputData id='x' name='x'><variable name='x' typeRef='number'/></inputData>"
    DECISION("third", "x / 3") DECISION("text", "\" a \"") DECISION("none", "null")
    DECISION("wrong", "x + \"a\"") DECISION("list", "[x, {a: true}]")
    DECISION("day", "@\"2026-03-01\"") DECISION("span", "@\"P1Y2M\"") DECISION("hours", "@\"PT5H\"")
    DECISION("moment", "@\"2026-03-01T10:00:00Z\"") DECISION("clock", "@\"10:00:00\"")
    DECISION("java", "function(a) external { java: { class: \"c\" } }")
    "<decisionService id='s' name='service'><outputDecision href='#third'/>"
    "<outputDecision href='#text'/><inputData href='#x'/></decisionService></definitions>";

typedef enum Answer { PASSES, FAILS, FOREIGN } Answer;

static const struct {
    const char *text;
    Answer want;
} rows[] = {
    { CASE("third", "", VALUE("decimal", "0.66666667")), PASSES },
    { CASE("third", "", VALUE("decimal", "0.66666666")), PASSES },
    { CASE("third", "", VALUE("decimal", "0.66666664")), FAILS },
    { CASE("third", "", VALUE("decimal", "0.667")), FAILS },
    { CASE("third", "", VALUE("string", "0.66666667")), FAILS },
    { CASE("text", "", VALUE("string", " a ")), PASSES },
    { CASE("text", "", VALUE("string", "a")), FAILS },
    { CASE("none", "", NIL), PASSES }, { CASE("none", "errorResult='true'", NIL), FAILS },
    { CASE("wrong", "errorResult='true'", NIL), PASSES }, { CASE("third", "", NIL), FAILS },
    { CASE("list", "", "<list><item><value xsi:type='xsd:decimal'>2</value></item><item>"
                       "<component name='a'><value xsi:type='xsd:boolean'>true</value></component>"
                       "</item></list>"), PASSES },
    { CASE("list", "", "<list><item>" VALUE("decimal", "2") "</item></list>"), FAILS },
    { CASE("day", "", VALUE("date", "2026-03-01")), PASSES },
    { CASE("span", "", VALUE("duration", "P14M")), PASSES },
    { CASE("hours", "", VALUE("duration", "PT300M")), PASSES },
    { CASE("moment", "", VALUE("dateTime", "2026-03-01T18:00:00+08:00")), PASSES },
    { CASE("clock", "", VALUE("time", "10:00:00")), PASSES },
    { CASE("missing", "", NIL), FAILS }, { CASE("java", "", NIL), FOREIGN },
    { "<testCase id='1' type='decisionService' invocableName='service'><inputNode name='x'>"
      "<value xsi:type='xsd:decimal'>3</value></inputNode><resultNode name='third'><expected>"
      VALUE("decimal", "1") "</expected></resultNode></testCase>", PASSES },
};

static void answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *a = arena_open(16 << 20);
        DmnSource source = { STRC("m.dmn"), str_of(model) };
        Str file = STRC("m.xml"), name;
        Str text = arena_text(a, CASES("%s"), rows[i].text);
        DmnCase *c;
        size_t n;
        Err e = { 0 };
        assert_true(dmn_cases_model(&name, a, file, text, &e));
        assert_true(str_is(name, "m.dmn"));
        assert_true(dmn_cases(&c, &n, a, file, text, &source, 1, &e));
        assert_int_equal(n, 1);
        Answer got = c->foreign ? FOREIGN : c->passed ? PASSES : FAILS;
        if (got != rows[i].want)
            fail_msg("row %zu: want %.*s, got %.*s (%.*s)", i, STR(c->want), STR(c->got),
                     STR(c->why));
        if (got == FAILS)
            assert_true(c->result.n > 0);
        arena_close(a);
    }
}

static void refused(void **state)
{
    static const struct {
        const char *text;
        ErrCode code;
    } bad[] = {
        { "<testCases/>", ERR_DMN_SPACE },
        { CASES(CASE("third", "", VALUE("hexBinary", "00"))), ERR_DMN_CASES },
        { CASES(CASE("third", "", VALUE("decimal", "two"))), ERR_DMN_CASES },
        { "<!DOCTYPE a><a/>", ERR_DMN_DTD },
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Arena *a = arena_open(16 << 20);
        DmnSource source = { STRC("m.dmn"), str_of(model) };
        DmnCase *c;
        size_t n;
        Err e = { 0 };
        assert_false(dmn_cases(&c, &n, a, STRC("m.xml"), str_of(bad[i].text), &source, 1, &e));
        assert_int_equal(e.code, bad[i].code);
        arena_close(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(answers), cmocka_unit_test(refused) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
