/* The few words that fill the holes of a message: Chinese where they are made, English beside it
 * here, so that no sentence mixes the two. A test refuses an English message with Chinese in it. */
#include "feel/feel_in.h"

typedef struct Say {
    Str zh, en;
} Say;

static const Say says[] = {
    /* what was expected */
    { S("结尾"), S("the end") },
    { S("数"), S("a number") },
    { S("名称"), S("a name") },
    { S("类型"), S("a type") },
    { S("值或名称"), S("a value or a name") },
    { S("运算符或结尾"), S("an operator or the end") },
    { S(", 或结尾"), S(", or the end") },
    { S("] 或 )"), S("] or )") },
    { S("成对的引号"), S("the closing quote") },
    { S("注释的结尾 */"), S("the end of the comment */") },
    { S("日期、时间或时长"), S("a date, a time or a duration") },
    { S("list、range、context 或 function"), S("list, range, context or function") },
    { S("全部按名称或全部按位置给出的参数"), S("arguments all by name or all by position") },
    /* why there is no value */
    { S("除数是零"), S("division by zero") },
    { S("结果超出范围"), S("the result is out of range") },
    { S("只有一边带时区"), S("only one side has a time zone") },
    { S("起点大于终点"), S("it starts after its end") },
    { S("序号超出列表"), S("the position is outside the list") },
    { S("空值没有成员"), S("null has no members") },
    { S("名称重复"), S("the name stands twice") },
    /* why an argument is wrong */
    { S("参数太多"), S("too many arguments") },
    { S("缺少参数"), S("an argument is missing") },
    { S("参数个数不对"), S("wrong number of arguments") },
    { S("参数类型不对"), S("an argument is of the wrong type") },
    { S("没有这个名称的参数"), S("it has no parameter of that name") },
    { S("参数应为列表"), S("the arguments must be lists") },
    { S("两个参数不能比较"), S("the two arguments have no order") },
    { S("列表为空"), S("the list is empty") },
    { S("长度超出列表"), S("the length reaches past the list") },
    { S("列表里应全是数"), S("the list must hold numbers only") },
    { S("列表里应全是字符串"), S("the list must hold strings only") },
    { S("列表里应全是上下文"), S("the list must hold contexts only") },
    { S("列表里的值不能比较"), S("the list holds values that have no order") },
    { S("判断函数应得布尔值"), S("the function must give a boolean") },
    { S("至少要有两个数，且应全是数"), S("it needs two or more values, all numbers") },
    { S("起始位置超出字符串"), S("the start lies outside the string") },
    { S("长度应为正整数"), S("the length must be a positive whole number") },
    { S("字符串太长"), S("the string is too long") },
    { S("正则表达式有误"), S("no valid regular expression") },
    { S("正则表达式太复杂或文字太长"), S("the regular expression takes too long") },
    { S("不是数"), S("no number") },
    { S("小数位数超出范围"), S("the scale is out of range") },
    { S("负数没有平方根"), S("a negative number has no square root") },
    { S("对数只用于正数"), S("logarithms are of positive numbers only") },
    { S("分组符应为空格、逗号或句点"), S("the grouping separator is a blank, comma or period") },
    { S("小数点应为句点或逗号，且不同于分组符"),
      S("the decimal separator is a period or comma other than the grouping separator") },
    { S("没有这个日期"), S("there is no such date") },
    { S("没有这个时间"), S("there is no such time") },
    { S("没有这个日期时间"), S("there is no such date and time") },
    { S("不是日期，应如 2026-02-28"), S("no date such as 2026-02-28") },
    { S("不是时间，应如 10:00:00"), S("no time such as 10:00:00") },
    { S("不是日期时间，应如 2026-02-28T10:00:00"),
      S("no date and time such as 2026-02-28T10:00:00") },
    { S("不是时长，应如 P1Y2M 或 P3DT4H"), S("no duration such as P1Y2M or P3DT4H") },
    { S("应写成如 [1..3] 的范围"), S("write a range such as [1..3]") },
    { S("没有这个键"), S("there is no such key") },
    { S("没有给出键"), S("no key is given") },
    { S("键重复"), S("a key stands twice") },
    { S("键应为字符串"), S("keys must be strings") },
    { S("每项应有 key 和 value"), S("each item needs a key and a value") },
};

Str feel_say_en(Str zh)
{
    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        if (str_eq(says[i].zh, zh))
            return says[i].en;
    return zh;
}

/* What usually helps when two sides do not go together; both empty when nothing is known. */
FeelHint feel_say_hint(Str op, Str left, Str right)
{
    bool text = str_is(left, "string") || str_is(right, "string");
    bool number = str_is(left, "number") || str_is(right, "number");
    bool null = str_is(left, "null") || str_is(right, "null");
    bool date = str_starts(left, STRC("date")) || str_starts(right, STRC("date"));
    if (null)
        return (FeelHint){ STRC("（空值请先判断：if x = null then … else …）"),
                           STRC(" (ask for null first: if x = null then ... else ...)") };
    if (text && str_is(op, "+"))
        return (FeelHint){ STRC("（要拼接文字，请写 string(…)）"),
                           STRC(" (to join text, write string(...))") };
    if (text && number)
        return (FeelHint){ STRC("（要当作数，请去掉引号，或写 number(…)）"),
                           STRC(" (for a number, leave the quotes out or write number(...))") };
    if (text && date)
        return (FeelHint){ STRC("（日期请写成 date(\"2026-01-01\")）"),
                           STRC(" (write a date as date(\"2026-01-01\"))") };
    if (date && number)
        return (FeelHint){ STRC("（天数请写成 duration(\"P1D\")）"),
                           STRC(" (write a number of days as duration(\"P1D\"))") };
    return (FeelHint){ STRC(""), STRC("") };
}
