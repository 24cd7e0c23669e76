/* From a book of cells to rows: which sheet is which, which column says what, and what a clerk's
 * cell means once blanks and wide digits are put right. */
#include "work/roster.h"

#include <string.h>

static const RosterColumn org_columns[] = {
    [ORG_CODE] = { "组织编号", { "组织代码", "编号" }, true, false, CLEAN_CODE, TABLE_TEXT,
                   "本单位自定的唯一编号，如 D01-003", NULL },
    [ORG_NAME] = { "名称", { "组织名称", "党组织名称" }, true, false, CLEAN_WORD, TABLE_TEXT,
                   "组织全称", NULL },
    [ORG_KIND] = { "类别", { "组织类别" }, true, true, CLEAN_WORD, TABLE_TEXT, "填其中一项：",
                   "org_kind" },
    [ORG_SECTOR] = { "领域", { "所属领域" }, false, true, CLEAN_WORD, TABLE_TEXT,
                     "可不填；填其中一项：", "sector" },
    [ORG_PARENT] = { "上级组织编号", { "上级编号", "上级组织代码" }, false, true, CLEAN_CODE,
                     TABLE_TEXT, "上级的组织编号；最上级不填", NULL },
    [ORG_FOUNDED] = { "成立日期", { "成立时间" }, false, true, CLEAN_CODE, TABLE_DAY,
                      "如 2018-07-01；可不填", NULL },
    [ORG_ENDED] = { "撤销日期", { "撤销时间" }, false, true, CLEAN_CODE, TABLE_DAY,
                    "已撤销的才填", NULL },
    [ORG_TERM_END] = { "本届任期届满", { "任期届满", "届满日期" }, false, true, CLEAN_CODE,
                       TABLE_DAY, "如 2027-06-30；可不填", NULL },
    [ORG_ID] = { "系统编号", { "系统ID" }, false, false, CLEAN_CODE, TABLE_TEXT,
                 "不要填写；从系统导出的表里才有，以它为准", NULL },
};

static const RosterColumn person_columns[] = {
    [PER_NAME] = { "姓名", { NULL }, true, false, CLEAN_NAME, TABLE_TEXT, "本名", NULL },
    [PER_STAFF] = { "工号", { "职工号", "人员编号" }, false, false, CLEAN_CODE, TABLE_TEXT,
                    "单位发的工号，不是身份证号；没有工号的须填出生年月", NULL },
    [PER_ORG] = { "所在组织编号", { "组织编号", "所在组织代码" }, true, true, CLEAN_CODE,
                  TABLE_TEXT, "“组织”表里的组织编号；兼任几个组织的一处一行", NULL },
    [PER_BIRTH] = { "出生年月", { "出生日期" }, false, false, CLEAN_CODE, TABLE_TEXT,
                    "如 1980-05；没有工号的必填", NULL },
    [PER_MEMBER] = { "中共党员", { "是否党员", "是否中共党员" }, false, true, CLEAN_WORD,
                     TABLE_TEXT, "是 或 否", NULL },
    [PER_STATE] = { "党员状态", { NULL }, false, true, CLEAN_WORD, TABLE_TEXT,
                    "可不填，党员不填按正式党员；填其中一项：", "member_state" },
    [PER_JOINED] = { "入党日期", { "入党时间" }, false, false, CLEAN_CODE, TABLE_DAY,
                     "如 2010-07-01；可不填", NULL },
    [PER_INFIRM] = { "年老体弱", { "年老体弱病残" }, false, true, CLEAN_WORD, TABLE_TEXT,
                     "是 或 否；不作硬性要求的党员填是", NULL },
    [PER_AWAY] = { "流动在外", { "流动党员" }, false, true, CLEAN_WORD, TABLE_TEXT, "是 或 否",
                   NULL },
    [PER_POST] = { "职务", { "党内职务" }, false, true, CLEAN_WORD, TABLE_TEXT, "填其中一项：",
                   "post" },
    [PER_FROM] = { "任职日期", { "任职时间" }, false, true, CLEAN_CODE, TABLE_DAY,
                   "如 2023-03-15；填了职务的必填", NULL },
    [PER_TO] = { "离任日期", { "离任时间" }, false, true, CLEAN_CODE, TABLE_DAY,
                 "仍在任的不填", NULL },
    [PER_ID] = { "系统编号", { "系统ID" }, false, false, CLEAN_CODE, TABLE_TEXT,
                 "不要填写；从系统导出的表里才有，以它为准", NULL },
};

const RosterColumn *work_roster_columns(RosterSheet sheet)
{
    return sheet == ROSTER_ORGS ? org_columns : person_columns;
}

int work_roster_width(RosterSheet sheet)
{
    return (int)(sheet == ROSTER_ORGS ? sizeof org_columns / sizeof *org_columns
                                      : sizeof person_columns / sizeof *person_columns);
}

const char *work_roster_sheet(RosterSheet sheet)
{
    return sheet == ROSTER_ORGS ? "组织" : "人员";
}

void work_roster_refuse(Call *c, RosterRow *row, int column, const Err *why)
{
    row->state = ROSTER_REFUSED;
    row->column = column < 0 ? STRC("") : str_of(work_roster_columns(row->kind)[column].title);
    row->message = work_say(c->w, c->a, why, c->who->lang);
}

/* --- cleaning ------------------------------------------------------------------------------- */

static uint32_t narrow(uint32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return cp - 0xFF01 + '!';
    return cp == 0x3000 || cp == 0xA0 ? ' ' : cp;
}

static bool is_han(uint32_t cp)
{
    return (cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0x20000 && cp <= 0x3FFFF) || cp == 0x00B7;
}

static bool all_han(Str s)
{
    uint32_t cp;
    size_t n;
    for (size_t i = 0; (n = str_next(s, i, &cp)) > 0; i += n)
        if (!is_han(cp) && narrow(cp) != ' ')
            return false;
    return true;
}

static Str cleaned(Arena *a, Str s, RosterClean how)
{
    uint32_t cp;
    size_t n;
    s = str_trim(s);
    if (s.n == 0 || how == CLEAN_WORD || (how == CLEAN_NAME && !all_han(s)))
        return s;
    Buf b = buf_open(GRID_TEXT_BYTES_MAX * 2);
    for (size_t i = 0; (n = str_next(s, i, &cp)) > 0; i += n)
        if (narrow(cp) != ' ')
            buf_point(&b, how == CLEAN_CODE ? narrow(cp) : cp);
    Str out = arena_str(a, buf_str(&b));
    buf_close(&b);
    return out;
}

/* A column's name without its decoration: 姓名（必填）, *工号 */
static Str heading(Arena *a, Str s)
{
    Str head, tail;
    s = cleaned(a, s, CLEAN_CODE);
    str_cut(s, STRC("("), &head, &tail);
    while (head.n && head.p[0] == '*')
        head = str_sub(head, 1, head.n);
    while (head.n && head.p[head.n - 1] == '*')
        head.n--;
    return head;
}

/* --- identity-card numbers ------------------------------------------------------------------ */

/* 17 digits and a digit or X, with a possible birthday in the middle. */
static bool looks_like_id_card(Str s)
{
    enum { LENGTH = 18, YEAR = 6, MONTH = 10, DAY = 12 };
    char d[LENGTH];
    size_t n = 0, k;
    uint32_t cp;
    for (size_t i = 0; (k = str_next(s, i, &cp)) > 0; i += k) {
        cp = narrow(cp);
        if (cp == ' ' || cp == '\'')
            continue;
        bool fits = n < LENGTH && ((cp >= '0' && cp <= '9') ||
                                   (n == LENGTH - 1 && (cp == 'X' || cp == 'x')));
        if (!fits)
            return false;
        d[n++] = (char)cp;
    }
    if (n != LENGTH)
        return false;
    int year = (d[YEAR] - '0') * 1000 + (d[YEAR + 1] - '0') * 100 + (d[YEAR + 2] - '0') * 10 +
               d[YEAR + 3] - '0';
    int month = (d[MONTH] - '0') * 10 + d[MONTH + 1] - '0';
    int day = (d[DAY] - '0') * 10 + d[DAY + 1] - '0';
    return year >= 1900 && year <= 2099 && day_valid(year, month, day);
}

bool work_roster_id_card_in(Str text)
{
    size_t from = 0, k;
    uint32_t cp;
    for (size_t i = 0; i <= text.n; i += k) {
        k = str_next(text, i, &cp);
        cp = k ? narrow(cp) : ' ';
        if (k && ((cp >= '0' && cp <= '9') || cp == 'X' || cp == 'x'))
            continue;
        if (looks_like_id_card(str_sub(text, from, i - from)))
            return true;
        if (!k)
            break;
        from = i + k;
    }
    return false;
}

/* Such a file is not read any further and nothing of it is kept. */
bool work_roster_no_id_cards(const GridBook *book, Arena *a, Err *e)
{
    for (size_t g = 0; g < book->n_grids; g++) {
        const Grid *grid = &book->grids[g];
        for (size_t r = 0; r < grid->n_rows; r++) {
            const GridRow *row = &grid->rows[r];
            for (size_t i = 0; i < row->n; i++) {
                const GridCell *cell = &row->cells[i];
                bool named = r < ROSTER_HEADER_ROWS && str_has(cell->text, STRC("身份证")) &&
                             str_points(cell->text) <= 12;
                if (named || looks_like_id_card(str_trim(cell->text)))
                    return err_fail(e, ERR_ROSTER_ID_CARD,
                                    err_hole("sheet", grid->name.n ? grid->name : STRC("csv")),
                                    err_hole("row", row->number),
                                    err_hole("column", grid_column_name(a, cell->column)));
            }
        }
    }
    return true;
}

/* --- finding the columns -------------------------------------------------------------------- */

typedef struct Head {
    RosterSheet kind;
    size_t row;                      /* index into grid->rows */
    int at[ROSTER_COLUMNS];          /* the grid's column, 0: absent */
} Head;

static int column_named(RosterSheet kind, Str name)
{
    const RosterColumn *columns = work_roster_columns(kind);
    for (int i = 0; i < work_roster_width(kind); i++) {
        if (str_is(name, columns[i].title))
            return i;
        for (size_t k = 0; k < 3 && columns[i].also[k]; k++)
            if (str_is(name, columns[i].also[k]))
                return i;
    }
    return -1;
}

static bool row_has(Arena *a, const GridRow *row, const char *name)
{
    for (size_t i = 0; i < row->n; i++)
        if (str_is(heading(a, row->cells[i].text), name))
            return true;
    return false;
}

/* The row of column names: it has 姓名, or 类别 beside a name or code. */
static bool head_find(Head *out, Arena *a, const Grid *g)
{
    for (size_t r = 0; r < g->n_rows && r < ROSTER_HEADER_ROWS; r++) {
        const GridRow *row = &g->rows[r];
        bool people = row_has(a, row, "姓名");
        if (people || row_has(a, row, "类别") || row_has(a, row, "组织类别")) {
            *out = (Head){ .kind = people ? ROSTER_PEOPLE : ROSTER_ORGS, .row = r };
            return true;
        }
    }
    return false;
}

static void note(Roster *r, Str text)
{
    if (ARENA_PUSH(r->a, r->notes, r->n_notes, r->cap_notes))
        r->notes[r->n_notes++] = text;
}

static Str shown_name(const Grid *g)
{
    return g->name.n ? g->name : STRC("csv");
}

static bool columns_find(Head *h, Roster *r, const Grid *g, Err *e)
{
    const RosterColumn *columns = work_roster_columns(h->kind);
    const GridRow *row = &g->rows[h->row];
    for (size_t i = 0; i < row->n; i++) {
        Str name = heading(r->a, row->cells[i].text);
        if (name.n == 0 || (row->cells[i].flags & GRID_COVERED))
            continue;
        int at = column_named(h->kind, name);
        if (at < 0) {
            note(r, arena_text(r->a, "工作表“%.*s”的“%.*s”列不认识，没有读取", STR(shown_name(g)),
                               STR(name)));
            continue;
        }
        if (h->at[at])
            return err_fail(e, ERR_ROSTER_COLUMN_TWICE, err_hole("sheet", shown_name(g)),
                            err_hole("column", columns[at].title));
        h->at[at] = row->cells[i].column;
    }
    for (int i = 0; i < work_roster_width(h->kind); i++)
        if (columns[i].required && !h->at[i])
            return err_fail(e, ERR_ROSTER_COLUMN, err_hole("sheet", shown_name(g)),
                            err_hole("column", columns[i].title));
    return true;
}

/* --- rows ----------------------------------------------------------------------------------- */

static bool cell_take(Call *c, Roster *r, RosterRow *row, int column, const GridCell *cell)
{
    const RosterColumn *col = &work_roster_columns(row->kind)[column];
    row->cell[column] = cleaned(r->a, cell->text, col->clean);
    if (cell->flags & GRID_ERROR)
        ROSTER_REFUSE(c, row, column, ERR_ROSTER_FORMULA, err_hole("text", cell->text));
    else if ((cell->flags & GRID_COVERED) && !col->shared)
        ROSTER_REFUSE(c, row, column, ERR_ROSTER_MERGED, err_hole("column", col->title));
    else if (cell->flags & GRID_FORMULA)
        row->note = arena_text(r->a, "“%s”是公式，取用了文件里保存的结果“%.*s”", col->title,
                               STR(row->cell[column]));
    return row->cell[column].n > 0;
}

static bool row_take(Call *c, Roster *r, const Grid *g, const Head *h, const GridRow *row, Err *e)
{
    RosterRow out = { .kind = h->kind, .sheet = g->name, .number = row->number,
                      .state = ROSTER_SAME };
    bool any = false;
    for (int i = 0; i < work_roster_width(h->kind); i++) {
        const GridCell *cell = h->at[i] ? grid_cell(row, h->at[i]) : NULL;
        if (cell && cell_take(c, r, &out, i, cell))
            any = true;
    }
    if (!any || str_starts(out.cell[0], STRC("说明")))
        return true;
    if (r->n == ROSTER_ROWS_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "名册行数"),
                        err_hole("max", ROSTER_ROWS_MAX));
    if (!ARENA_PUSH(r->a, r->rows, r->n, r->cap))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "名册"));
    out.key = (int64_t)r->n + 1;
    r->rows[r->n++] = out;
    return true;
}

static bool sheet_read(Call *c, Roster *r, const Grid *g, Head *h, Err *e)
{
    size_t before = r->n;
    if (!columns_find(h, r, g, e))
        return false;
    for (size_t i = h->row + 1; i < g->n_rows; i++)
        if (!row_take(c, r, g, h, &g->rows[i], e))
            return false;
    if (r->n == before)
        note(r, arena_text(r->a, "工作表“%.*s”里没有内容", STR(shown_name(g))));
    return true;
}

bool work_roster_read(Roster *r, Call *c, const GridBook *book, Err *e)
{
    bool known = false;
    if (!work_roster_no_id_cards(book, r->a, e))
        return false;
    for (size_t i = 0; i < book->n_grids; i++) {
        const Grid *g = &book->grids[i];
        Head h = { .row = 0 };
        if (head_find(&h, r->a, g)) {
            known = true;
            if (!sheet_read(c, r, g, &h, e))
                return false;
        } else if (g->n_rows) {
            note(r, arena_text(r->a, "工作表“%.*s”没有认识的列名，没有读取", STR(shown_name(g))));
        }
    }
    if (!known)
        return err_fail(e, ERR_ROSTER_SHEET, err_hole("file", r->file));
    if (r->n == 0)
        return err_fail(e, ERR_ROSTER_EMPTY, err_hole("file", r->file));
    if (book->encoding.n && !str_is(book->encoding, "utf-8") && !str_is(book->encoding, "UTF-8"))
        note(r, arena_text(r->a, "文件的编码是%.*s，已自动转换", STR(book->encoding)));
    return !arena_refused(r->a) || err_fail(e, ERR_NO_MEMORY, err_hole("what", "名册"));
}
