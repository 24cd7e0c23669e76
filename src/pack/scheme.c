/* Looking things up in a scheme that has been read. */
#include "pack/scheme.h"

#define FIND(list, n)                                                                              \
    for (size_t i = 0; i < (n); i++)                                                               \
        if (str_eq((list)[i].name, name))                                                          \
            return (ptrdiff_t)i;                                                                   \
    return -1

ptrdiff_t pack_scheme_instrument(const Scheme *s, Str name)
{
    FIND(s->instruments, s->n_instruments);
}

ptrdiff_t pack_scheme_item(const SchemeInstrument *ins, Str name)
{
    FIND(ins->items, ins->n_items);
}

ptrdiff_t pack_scheme_option(const SchemeInstrument *ins, Str name)
{
    FIND(ins->options, ins->n_options);
}

ptrdiff_t pack_scheme_group(const Scheme *s, Str name)
{
    FIND(s->groups, s->n_groups);
}

ptrdiff_t pack_scheme_part(const Scheme *s, Str name)
{
    FIND(s->parts, s->n_parts);
}

ptrdiff_t pack_scheme_event(const Scheme *s, Str name)
{
    FIND(s->events, s->n_events);
}

ptrdiff_t pack_scheme_node(const Scheme *s, Str name)
{
    FIND(s->nodes, s->n_nodes);
}

ptrdiff_t pack_scheme_band(const Scheme *s, Str name)
{
    FIND(s->bands, s->n_bands);
}

ptrdiff_t pack_scheme_grade(const Scheme *s, Dec total)
{
    for (size_t i = 0; i < s->n_bands; i++) {
        const SchemeBand *b = &s->bands[i];
        int low = dec_cmp(total, b->from), high = dec_cmp(total, b->to);
        if ((low > 0 || (low == 0 && b->from_in)) && (high < 0 || (high == 0 && b->to_in)))
            return (ptrdiff_t)i;
    }
    return -1;
}

Dec pack_scheme_points(const SchemeInstrument *ins, size_t group, size_t item, size_t option)
{
    return ins->points[(group * ins->n_items + item) * ins->n_options + option];
}

Dec pack_scheme_highest(const SchemeInstrument *ins, size_t group, size_t item)
{
    return ins->highest[group * ins->n_items + item];
}

ptrdiff_t pack_scheme_object(const Scheme *s, Str name)
{
    FIND(s->objects, s->n_objects);
}
