/* api: the routes as one table (routes.def: method, path, use case), and what turns a request into
 * a use case's input and its reply into bytes. It holds no logic of its own; the same table prints
 * the OpenAPI document from which the screens' client is made.
 *
 * How input is found: members of the path ({cycle}) and, for GET, of the query, converted by the
 * use case's input shape; for other methods the JSON body, or the raw body when the use case takes
 * a file. Every non-GET request of a session carries the header X-Csrf.
 *
 * Nouns of this face: api_ */
#ifndef API_H
#define API_H

#include "http/http.h"
#include "work/work.h"

typedef struct Api Api;

typedef struct ApiRoute {
    HttpMethod method;
    const char *path;          /* "/api/cycles/{cycle}/debriefers" */
    const UseCase *use_case;
} ApiRoute;

const ApiRoute *api_routes(size_t *n);
void api_openapi(Jw *w);       /* OpenAPI 3.1 */
/* What a GET of "/api/board?org=7&year=2026" asks for: its route and its use case's input (NULL:
 * nothing given; the caller's, jv_close). */
bool api_ask(const ApiRoute **route, json_t **in, Arena *a, Str target, Err *e) MUST_USE;

typedef struct ApiConfig {
    Work *work;
    Str host;
    int port;
    bool pick_port;
    int threads;
    Str tls_key, tls_cert;     /* PEM; empty: no TLS (loopback only; the program checks) */
    bool demo;                 /* shown in GET /api/me */
} ApiConfig;

bool api_open(Api **out, const ApiConfig *c, Err *e) MUST_USE;
int api_port(const Api *api);
void api_close(Api *api);      /* accepts NULL */

#endif
