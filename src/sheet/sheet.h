/* sheet: what a table or an official paper says, not its bytes.
 *
 * Tables and papers are built here by use cases and written by `print` as xlsx, csv, PDF or docx;
 * grids are what `print` read from a file somebody uploaded. This room refuses to know fonts,
 * file formats, clocks and where the words come from.
 *
 * Ownership: everything lives in the arena given to table_open, paper_open or grid_open; text is
 * copied. Builders never fail one by one: a refused allocation or a passed limit is remembered and
 * table_ok or paper_ok says so once at the end (the writers of `print` ask it themselves).
 *
 *     Table *t = table_open(a, STRC("结果"), STRC("综合评价结果"));
 *     table_column(t, STRC("姓名"), TABLE_TEXT, 0);
 *     table_column(t, STRC("得分"), TABLE_NUMBER, 0);
 *     table_row(t);
 *     table_text(t, STRC("甲"));
 *     table_number(t, score);
 *     Paper *p = paper_open(a, STRC("述职评议结果"), PAPER_PORTRAIT);
 *     paper_title(p, STRC("述职评议结果"));
 *     paper_text(p, STRC("现将结果通报如下。"));
 *     paper_table(p, t);
 *     Str shown = sheet_text(a, p);           // what golden files compare
 *
 * Nouns of this face:
 *   table_  typed columns and rows, to be written
 *   paper_  an official paper as a list of blocks, to be written
 *   grid_   rows of text with their places, as read from a file
 *   sheet_  plain text of a table or a paper
 */
#ifndef SHEET_H
#define SHEET_H

#include "base/arena.h"
#include "base/date.h"
#include "base/dec.h"
#include "base/err.h"

/* --- tables --------------------------------------------------------------------------------- */

enum {
    TABLE_COLUMNS_MAX = 200,
    TABLE_ROWS_MAX = 1000000,
    TABLE_TEXT_POINTS_MAX = 32767, /* code points of one cell: the limit of xlsx */
    TABLE_NAME_POINTS_MAX = 31,    /* code points of a sheet's name: the limit of xlsx */
    TABLE_CHOICES_MAX = 2000       /* of one column */
};

typedef enum TableKind { TABLE_TEXT, TABLE_NUMBER, TABLE_INT, TABLE_DAY, TABLE_EMPTY } TableKind;

typedef struct TableCell {
    TableKind kind;
    union {
        Str text;
        Dec number;
        int64_t whole;
        Day day;
    };
} TableCell;

typedef struct TableColumn {
    Str name;
    TableKind kind; /* how the column is aligned and formatted; a cell may still be of another */
    int width;      /* in half-width characters (a Chinese character is 2); 0: as the cells need */
    Str *choices;   /* a workbook offers them to whoever fills the column in */
    size_t n_choices;
} TableColumn;

typedef struct Table {
    Arena *a;
    Str name;             /* of the sheet in a workbook */
    Str title;            /* printed above; may be empty */
    Str *notes;           /* printed below, one line each */
    size_t n_notes, cap_notes;
    TableColumn *columns;
    size_t n_columns, cap_columns;
    TableCell *cells;     /* row after row, n_columns each; the last row may be unfinished */
    size_t n_cells, cap_cells;
    size_t row_start;     /* where the row under construction begins in cells */
    bool open;            /* has a row been begun? */
    ErrCode bad;          /* the first thing that went wrong */
} Table;

Table *table_open(Arena *a, Str name, Str title);        /* NULL: no memory; all calls accept it */
void table_column(Table *t, Str name, TableKind kind, int width); /* before the first row */
void table_choices(Table *t, const Str *choices, size_t n);       /* of the column added last */
void table_note(Table *t, Str text);
void table_row(Table *t);        /* begins a row; what the one before lacks becomes empty */
void table_text(Table *t, Str s);
void table_number(Table *t, Dec d);                      /* shown with the scale it carries */
void table_int(Table *t, int64_t v);
void table_day(Table *t, Day d);                         /* DAY_NONE is empty */
void table_blank(Table *t);
bool table_ok(const Table *t, Err *e) MUST_USE;

size_t table_rows(const Table *t);
/* The cell at row and column, both from 0; an empty cell where there is none. */
TableCell table_at(const Table *t, size_t row, size_t column);
Str table_cell_text(Arena *a, TableCell c);              /* a day as 2026-02-08 */
int table_text_width(Str s);                             /* in half-width characters */
/* The width of each column in half-width characters: as asked or as the cells need, 6 to 60. */
void table_widths(const Table *t, int *out);

/* --- papers --------------------------------------------------------------------------------- */

enum {
    PAPER_BLOCKS_MAX = 20000,
    PAPER_TEXT_BYTES_MAX = 200000, /* of one block */
    PAPER_LIST_MAX = 5000,         /* labels, ballot rows, cards of one block */
    PAPER_CHOICES_MAX = 64,        /* tick columns of a ballot: groups x choices */
    PAPER_QR_BYTES_MAX = 1000
};

typedef enum PaperTurn { PAPER_PORTRAIT, PAPER_LANDSCAPE } PaperTurn;

typedef enum PaperKind {
    PAPER_MARK,      /* top left in 黑体: secrecy, urgency, "已被第2版替代" */
    PAPER_ISSUER,    /* the organ in red over the red rule; `more` = document number */
    PAPER_TITLE,     /* centred; "\n" breaks the line where the meaning allows it */
    PAPER_SUBTITLE,  /* centred under the title, 楷体 */
    PAPER_ADDRESSEE, /* flush left, the colon is added */
    PAPER_PARAGRAPH, /* indented two characters */
    PAPER_PLAIN,     /* a paragraph without indent */
    PAPER_HEADING,   /* level 1 一、 2 （一） 3 1. 4 （1）: the numbering is part of the text */
    PAPER_TABLE_BLOCK,
    PAPER_ATTACHMENT,/* lines after 附件： */
    PAPER_SIGNATURE, /* lines to sign on: labels */
    PAPER_DATELINE,  /* who issues (may be empty) and the day, at the right */
    PAPER_SMALL,     /* small print: size and root of the log */
    PAPER_BREAK,     /* a new page, turned as asked */
    PAPER_BALLOT,    /* a grid to tick */
    PAPER_QR,        /* a square code with a caption */
    PAPER_CARDS      /* slips to cut apart, dashed lines between them */
} PaperKind;

typedef struct PaperBallot {
    Str corner;              /* above the rows, such as 述职人 */
    Str *rows;               /* who is rated */
    size_t n_rows;
    Str *groups;             /* the items of the form */
    size_t n_groups;
    Str *choices;            /* the grades under each item */
    size_t n_choices;
} PaperBallot;

typedef struct PaperCard {
    Str title;
    Str *lines;
    size_t n_lines;
    Str qr;                  /* empty: no code */
} PaperCard;

typedef struct PaperBlock {
    PaperKind kind;
    Str text;
    Str more;
    int level;               /* heading; cards: how many across */
    int down;                /* cards: how many rows a page */
    Day day;
    PaperTurn turn;
    const Table *table;
    Str *list;               /* attachment lines, signature labels */
    size_t n_list;
    PaperBallot *ballot;
    PaperCard *cards;
    size_t n_cards;
} PaperBlock;

typedef struct Paper {
    Arena *a;
    Str name;                /* of the document, for its metadata */
    PaperTurn turn;          /* of the first page */
    bool numbered;           /* page numbers at the foot; true unless told */
    PaperBlock *blocks;
    size_t n_blocks, cap_blocks;
    ErrCode bad;
} Paper;

Paper *paper_open(Arena *a, Str name, PaperTurn turn);   /* NULL: no memory; all calls accept it */
void paper_numbered(Paper *p, bool on);
void paper_mark(Paper *p, Str text);
void paper_issuer(Paper *p, Str organ, Str number);
void paper_title(Paper *p, Str text);
void paper_subtitle(Paper *p, Str text);
void paper_addressee(Paper *p, Str to);
void paper_text(Paper *p, Str paragraph);                /* "\n" begins a new paragraph */
void paper_plain(Paper *p, Str paragraph);
void paper_heading(Paper *p, int level, Str text);       /* 1..4 */
void paper_table(Paper *p, const Table *t);              /* t is kept, not copied */
void paper_attachment(Paper *p, const Str *names, size_t n);
void paper_signature(Paper *p, const Str *labels, size_t n);
void paper_dateline(Paper *p, Str organ, Day day);
void paper_small(Paper *p, Str text);
void paper_break(Paper *p, PaperTurn turn);
void paper_ballot(Paper *p, const PaperBallot *b);       /* copied */
void paper_qr(Paper *p, Str bytes, Str caption);
/* across x down cards a page, 1..6 x 1..12 */
void paper_cards(Paper *p, const PaperCard *cards, size_t n, int across, int down);
bool paper_ok(const Paper *p, Err *e) MUST_USE;

/* --- plain text ----------------------------------------------------------------------------- */

Str sheet_text(Arena *a, const Paper *p);                /* what the paper says, block by block */
Str sheet_table_text(Arena *a, const Table *t);          /* columns aligned in half-widths */

/* --- grids, as read ------------------------------------------------------------------------- */

enum {
    GRID_COLUMNS_MAX = 1000,
    GRID_ROWS_MAX = 1048576,     /* the limit of xlsx */
    GRID_CELLS_MAX = 4000000,
    GRID_SHEETS_MAX = 100,
    GRID_TEXT_BYTES_MAX = 131072 /* of one cell */
};

typedef enum GridFlag {
    GRID_FORMULA = 1,  /* the value is the one the program that saved the file had computed */
    GRID_MERGED = 2,   /* belongs to a merged range, whose first cell holds the text */
    GRID_COVERED = 4,  /* not the first of its merged range: shows the first one's text */
    GRID_DATE = 8,     /* was a date: text is 2026-02-08 or 2026-02-08 09:30 */
    GRID_NUMBER = 16,  /* was a number: text as stored, 0.1 and not 0.10000000000000001 */
    GRID_ERROR = 32,   /* #N/A and its kin */
    GRID_BOOL = 64     /* text is TRUE or FALSE */
} GridFlag;

typedef struct GridCell {
    Str text;          /* as in the file: not trimmed, full-width digits kept */
    int column;        /* from 1 */
    unsigned flags;
} GridCell;

typedef struct GridRow {
    int number;        /* from 1, as the person sees it in the margin */
    GridCell *cells;   /* only those with text, by rising column */
    size_t n, cap;
} GridRow;

typedef struct Grid {
    Str name;          /* of the sheet; empty for csv */
    bool hidden;
    GridRow *rows;     /* only those with cells, by rising number */
    size_t n_rows, cap_rows;
    int n_columns;     /* the highest column used */
} Grid;

typedef struct GridBook {
    Arena *a;
    Grid *grids;
    size_t n_grids, cap_grids;
    size_t n_cells;    /* over all grids */
    Str encoding;      /* of a csv, as it was found: UTF-8, GB18030 */
    GridCell *spare_cells; /* room already taken from the arena: rows and texts stand closely */
    size_t n_spare_cells;
    char *spare_text;
    size_t n_spare_text;
} GridBook;

GridBook *grid_open(Arena *a);                           /* NULL: no memory */
bool grid_sheet(GridBook *b, Str name, bool hidden, Err *e) MUST_USE;
/* To the last sheet; (row, column) must come after all put before, rows from 1 to GRID_ROWS_MAX.
 * Empty text without flags is not stored. Cells of one sheet count towards GRID_CELLS_MAX. */
bool grid_put(GridBook *b, int row, int column, Str text, unsigned flags, Err *e) MUST_USE;
/* Marks the range merged and gives its covered cells the first one's text. */
bool grid_merge(GridBook *b, int row, int column, int last_row, int last_column,
                Err *e) MUST_USE;

const Grid *grid_find(const GridBook *b, Str sheet);     /* by name; NULL when there is none */
const GridRow *grid_row(const Grid *g, int number);      /* NULL: an empty row */
const GridCell *grid_cell(const GridRow *r, int column); /* NULL: an empty cell; r may be NULL */
Str grid_at(const Grid *g, int row, int column);         /* the text, trimmed; "" when empty */
Str grid_column_name(Arena *a, int column);              /* 1 -> A, 27 -> AA */

#endif
