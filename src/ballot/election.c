#include "ballot/canon.h"
#include "ballot/election.h"
#include "base/json.h"

#include <string.h>

static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

static bool wrong(Err *e, const char *why, const char *why_en)
{
    return err_fail(e, ERR_BEL_ELECTION, err_hole("why", why), err_hole("why_en", why_en));
}

static bool unsupported(Err *e, const char *what, const char *what_en)
{
    return err_fail(e, ERR_BEL_UNSUPPORTED, err_hole("what", what), err_hole("what_en", what_en));
}

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "选举文件"));
}

Str election_uuid(Arena *a, Coin *coin)
{
    char text[ELECTION_UUID_MIN];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = base58[coin_below(coin, 58)];
    return arena_str(a, (Str){ text, sizeof text });
}

bool election_uuid_valid(Str uuid)
{
    if (uuid.n < ELECTION_UUID_MIN || uuid.n > ELECTION_UUID_MAX)
        return false;
    for (size_t i = 0; i < uuid.n; i++)
        if (!uuid.p[i] || !strchr(base58, uuid.p[i]))
            return false;
    return true;
}

size_t election_choices(const ElectionQuestion *q)
{
    return q->n_answers + (q->blank ? 1 : 0);
}

size_t election_overall(const ElectionQuestion *q)
{
    return (size_t)(q->max - q->min + 1) + (q->blank ? 1 : 0);
}

size_t election_cells(const Election *el)
{
    size_t n = 0;
    for (size_t i = 0; i < el->n_questions; i++)
        n += election_choices(&el->questions[i]);
    return n;
}

size_t election_proofs(const Election *el)
{
    size_t n = 0;
    for (size_t i = 0; i < el->n_questions; i++)
        n += 2 * election_choices(&el->questions[i]) + election_overall(&el->questions[i]) +
             (el->questions[i].blank ? 2 : 0);
    return n;
}

/* --- writing ---------------------------------------------------------------------------------- */

static bool check_question(const ElectionQuestion *q, Err *e)
{
    if (q->n_answers < 1 || q->n_answers > ELECTION_MAKE_ANSWERS_MAX || !q->text.n ||
        !str_valid(q->text))
        return wrong(e, "每题须有题目和一至十个选项", "a question has a title and one to ten answers");
    for (size_t i = 0; i < q->n_answers; i++)
        if (!q->answers[i].n || !str_valid(q->answers[i]))
            return wrong(e, "选项不能为空", "an answer is empty");
    return (q->min >= 0 && q->min <= q->max && q->max == 1) ||
           wrong(e, "每题至多选一项", "at most one answer is chosen");
}

static bool check(const Election *el, Err *e)
{
    if (!election_uuid_valid(el->uuid))
        return wrong(e, "编号不是14位以上的base58", "the uuid is not 14 or more base58 digits");
    if (!el->name.n || !str_valid(el->name) || !str_valid(el->description) ||
        !str_valid(el->administrator) || !str_valid(el->authority))
        return wrong(e, "名称不能为空，文字须为UTF-8", "the name is empty or a text is no UTF-8");
    if (el->n_questions < 1 || el->n_questions > ELECTION_QUESTIONS_MAX)
        return wrong(e, "题数不在一至二百之间", "there must be 1 to 200 questions");
    if (el->floor < 0 || el->floor > ELECTION_FLOOR_MAX)
        return wrong(e, "人数下限不在零至一千之间", "the floor must lie between 0 and 1000");
    for (size_t i = 0; i < el->n_questions; i++)
        if (!check_question(&el->questions[i], e))
            return false;
    return true;
}

static void put_question(Jw *w, const ElectionQuestion *q)
{
    jw_obj(w);
    jw_key(w, "answers");
    jw_arr(w);
    for (size_t i = 0; i < q->n_answers; i++)
        jw_str(w, q->answers[i]);
    jw_end(w);
    if (q->blank)
        jw_kbool(w, "blank", true);
    jw_kint(w, "min", q->min);
    jw_kint(w, "max", q->max);
    jw_kstr(w, "question", q->text);
    jw_end(w);
}

static void put_hash(Jw *w, const char *key, Hash h)
{
    char hex[2 * sizeof h.b];
    Buf b = buf_open(sizeof hex);
    canon_put_hash(&b, h);
    jw_kstr(w, key, buf_str(&b));
    buf_close(&b);
}

static void put_ours(Jw *w, const Election *el)
{
    jw_key(w, "shuping");
    jw_obj(w);
    jw_kint_some(w, "floor", el->floor);
    if (el->frozen) {
        put_hash(w, "credentials", el->creds);
        put_hash(w, "trustees", el->trustees);
    }
    jw_end(w);
}

bool election_write(Buf *out, const Election *el, Err *e)
{
    char key[POINT_HEX];
    if (!check(el, e))
        return false;
    Jw w = jw_open(out);
    point_hex(key, el->key);
    jw_obj(&w);
    jw_kint(&w, "version", 1);
    jw_kstr(&w, "description", el->description);
    jw_kstr(&w, "name", el->name);
    jw_kstr(&w, "group", STRC("Ed25519"));
    jw_kstr(&w, "public_key", (Str){ key, sizeof key });
    jw_key(&w, "questions");
    jw_arr(&w);
    for (size_t i = 0; i < el->n_questions; i++)
        put_question(&w, &el->questions[i]);
    jw_end(&w);
    jw_kstr(&w, "uuid", el->uuid);
    jw_kstr_some(&w, "administrator", el->administrator);
    jw_kstr_some(&w, "credential_authority", el->authority);
    if (el->floor || el->frozen)
        put_ours(&w, el);
    jw_end(&w);
    return jw_close(&w) || no_memory(e);
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool copy_str(Str *out, Arena *a, const json_t *o, const char *key)
{
    Str s = jv_str(o, key);
    *out = arena_str(a, s);
    return out->n == s.n;
}

static bool read_answers(ElectionQuestion *q, Arena *a, const json_t *v, Err *e)
{
    q->n_answers = jv_len(v);
    if (!json_is_array(v) || q->n_answers < 1 || q->n_answers > ELECTION_ANSWERS_MAX)
        return wrong(e, "选项须为一至一百个", "a question needs 1 to 100 answers");
    q->answers = ARENA_ARRAY(a, Str, q->n_answers);
    for (size_t i = 0; q->answers && i < q->n_answers; i++) {
        const json_t *one = jv_at(v, i);
        if (!json_is_string(one))
            return wrong(e, "选项须为文字", "an answer is no text");
        q->answers[i] = arena_str(a, jv_text(one));
    }
    return !arena_refused(a) || no_memory(e);
}

static bool read_question(ElectionQuestion *q, Arena *a, const json_t *v, Err *e)
{
    if (!json_is_object(v))
        return wrong(e, "题目须为对象", "a question is no object");
    if (jv_get(v, "type"))
        return unsupported(e, "非同态计票的题目", "questions that are not homomorphic");
    if (!json_is_integer(jv_get(v, "min")) || !json_is_integer(jv_get(v, "max")) ||
        !json_is_string(jv_get(v, "question")))
        return wrong(e, "题目缺少min、max或question", "a question lacks min, max or its text");
    q->min = jv_int(v, "min");
    q->max = jv_int(v, "max");
    q->blank = jv_bool(v, "blank");
    if (!read_answers(q, a, jv_get(v, "answers"), e))
        return false;
    if (q->min < 0 || q->min > q->max || q->max > (int64_t)q->n_answers)
        return wrong(e, "min、max与选项个数不符", "min and max do not fit the answers");
    return copy_str(&q->text, a, v, "question") || no_memory(e);
}

static bool read_questions(Election *el, Arena *a, const json_t *v, Err *e)
{
    el->n_questions = jv_len(v);
    if (!json_is_array(v) || el->n_questions < 1 || el->n_questions > ELECTION_QUESTIONS_MAX)
        return wrong(e, "题数不在一至二百之间", "there must be 1 to 200 questions");
    el->questions = ARENA_ARRAY(a, ElectionQuestion, el->n_questions);
    if (!el->questions)
        return no_memory(e);
    for (size_t i = 0; i < el->n_questions; i++)
        if (!read_question(&el->questions[i], a, jv_at(v, i), e))
            return false;
    return true;
}

static bool read_ours(Election *el, const json_t *v, Err *e)
{
    const json_t *ours = jv_get(v, "shuping"), *floor = jv_get(ours, "floor");
    el->floor = jv_int(ours, "floor");
    el->frozen = jv_get(ours, "credentials") || jv_get(ours, "trustees");
    if (floor && (!json_is_integer(floor) || el->floor < 1 || el->floor > ELECTION_FLOOR_MAX))
        return wrong(e, "人数下限不在一至一千之间", "the floor must lie between 1 and 1000");
    return !el->frozen ||
           (hash_read(&el->creds, jv_str(ours, "credentials")) &&
            hash_read(&el->trustees, jv_str(ours, "trustees"))) ||
           wrong(e, "凭证名单或持钥人的哈希有误", "the hash of credentials or trustees is wrong");
}

static bool holds(Hash want, Str text, const char *what, const char *what_en, Err *e)
{
    return hash_eq(want, hash_of(text)) ||
           err_fail(e, ERR_BEL_CHAIN, err_hole("where", what), err_hole("where_en", what_en));
}

bool election_holds(const Election *el, Str trustees, Str creds, Err *e)
{
    return !el->frozen ||
           (holds(el->trustees, trustees, "持钥人文件（选举文件所定的）",
                  "the trustees' file that the election froze", e) &&
            holds(el->creds, creds, "公开凭证名单（选举文件所定的）",
                  "the list of credentials that the election froze", e));
}

static bool read_object(Election *el, Arena *a, const json_t *v, Err *e)
{
    if (!json_is_object(v))
        return wrong(e, "须为JSON对象", "it is no JSON object");
    if (!json_is_integer(jv_get(v, "version")) || jv_int(v, "version") != 1)
        return unsupported(e, "第1版以外的格式", "a version other than 1");
    if (!str_is(jv_str(v, "group"), "Ed25519"))
        return unsupported(e, "Ed25519以外的群", "a group other than Ed25519");
    if (!point_read(&el->key, jv_str(v, "public_key")))
        return err_fail(e, ERR_BEL_POINT, err_hole("where", "选举公钥"),
                        err_hole("where_en", "the election's key"));
    if (!election_uuid_valid(jv_str(v, "uuid")) || !json_is_string(jv_get(v, "name")))
        return wrong(e, "编号或名称有误", "uuid or name is wrong");
    return read_ours(el, v, e) && read_questions(el, a, jv_get(v, "questions"), e) &&
           ((copy_str(&el->uuid, a, v, "uuid") && copy_str(&el->name, a, v, "name") &&
             copy_str(&el->description, a, v, "description") &&
             copy_str(&el->administrator, a, v, "administrator") &&
             copy_str(&el->authority, a, v, "credential_authority")) ||
            no_memory(e));
}

bool election_read(Election *out, Arena *a, Str text, Err *e)
{
    Election el = { .text = arena_str(a, text) };
    char phi[ELECTION_HASH];
    json_t *v;
    if (text.n > ELECTION_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "选举文件"),
                        err_hole("max", ELECTION_BYTES_MAX));
    if (!jv_read(&v, text, "选举文件", e))
        return false;
    bool ok = read_object(&el, a, v, e);
    jv_close(v);
    if (!ok)
        return false;
    canon_b64(phi, hash_of(text));
    el.phi = arena_str(a, (Str){ phi, sizeof phi });
    if (el.phi.n == 0 || el.text.n != text.n)
        return no_memory(e);
    *out = el;
    return true;
}
