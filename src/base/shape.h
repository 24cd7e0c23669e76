/* shape: what an input or a reply looks like, as a table. One table serves the check of a request
 * (JSON -> struct), the OpenAPI document, the TypeScript client and the test that every reply has
 * the shape the route promised.
 *
 *     typedef struct AgreeIn { int64_t report; Str remarks; bool accept; } AgreeIn;
 *     static const ShapeField agree_fields[] = {
 *         { "report",  SHAPE_ID,   offsetof(AgreeIn, report),  .required = true },
 *         { "remarks", SHAPE_TEXT, offsetof(AgreeIn, remarks), .max = 2000 },
 *         { "accept",  SHAPE_BOOL, offsetof(AgreeIn, accept),  .required = true },
 *     };
 *     static const Shape agree_in = SHAPE("AgreeIn", AgreeIn, agree_fields);
 */
#ifndef BASE_SHAPE_H
#define BASE_SHAPE_H

#include "base/json.h"

typedef enum ShapeType {
    SHAPE_ID,    /* int64_t, 1..2^53-1; 0 when absent */
    SHAPE_INT,   /* int64_t; .min .max when max > min */
    SHAPE_TEXT,  /* Str; .max = code points, 0 means SHAPE_TEXT_MAX; trimmed */
    SHAPE_DEC,   /* ShapeDec */
    SHAPE_DAY,   /* Day; DAY_NONE when absent */
    SHAPE_MOMENT,/* string in replies only */
    SHAPE_BOOL,  /* bool */
    SHAPE_WORD,  /* Str, one of .words ("a|b|c") */
    SHAPE_LIST,  /* ShapeList of .sub structs; .max = most items, 0 means SHAPE_LIST_MAX */
    SHAPE_WORDS, /* ShapeList of Str; replies and inputs */
    SHAPE_IDS,   /* ShapeList of int64_t */
    SHAPE_OBJ,   /* the sub struct in place (replies: object or null) */
    SHAPE_JSON   /* const json_t *: body of a pack's form, checked there; NULL when absent */
} ShapeType;

enum { SHAPE_TEXT_MAX = 4000, SHAPE_LIST_MAX = 20000 };

typedef struct ShapeDec { bool given; Dec value; } ShapeDec;
typedef struct ShapeList { void *items; size_t n; } ShapeList;

struct Shape;
typedef struct ShapeField {
    const char *name;
    ShapeType type;
    size_t offset;          /* unused in replies */
    bool required;          /* inputs: must be given; replies: always present and not null */
    int64_t min, max;
    const char *words;
    const struct Shape *sub;
    const char *title;      /* Chinese name for messages; NULL: the field's name */
} ShapeField;

typedef struct Shape {
    const char *name;       /* unique, Capital: the schema's name in OpenAPI */
    size_t size;            /* of the struct; 0 for shapes used in replies only */
    const ShapeField *fields;
    size_t n;
} Shape;

#define SHAPE(name, T, fields) { name, sizeof(T), fields, sizeof(fields) / sizeof *(fields) }
#define SHAPE_REPLY(name, fields) { name, 0, fields, sizeof(fields) / sizeof *(fields) }

/* Fills *out (of shape->size bytes). Unknown fields are refused by name. Text points into `v`,
 * lists are in `a`; v must outlive out. */
bool shape_read(Arena *a, void *out, const Shape *shape, const json_t *v, Err *e) MUST_USE;
/* Does a reply look as promised? Unknown and missing fields are named. For tests and `check`. */
bool shape_check(const Shape *shape, const json_t *v, Err *e) MUST_USE;
/* JSON Schema (OpenAPI 3.1) of one shape: an object; sub shapes by $ref. */
void shape_schema(Jw *w, const Shape *shape);
size_t shape_size(ShapeType t);

#endif
