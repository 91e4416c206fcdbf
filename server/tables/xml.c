/* SPDX-License-Identifier: Apache-2.0 */
#include "server/tables/xml.h"

#include <expat.h>
#include <stdbool.h>
#include <string.h>

#define BLOCK 65536

struct walking {
    const struct xml_walk *w;
    XML_Parser parser;
    bool typed;
};

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');

    return colon ? colon + 1 : name;
}

static void on_start(void *arg, const char *name, const char **attributes)
{
    struct walking *x = arg;

    x->w->start(x->w->arg, local(name), attributes);
}

static void on_end(void *arg, const char *name)
{
    struct walking *x = arg;

    x->w->end(x->w->arg, local(name));
}

static void on_text(void *arg, const char *s, int len)
{
    struct walking *x = arg;

    x->w->text(x->w->arg, s, (size_t)len);
}

static void on_type(void *arg, const char *name, const char *system, const char *public, int subset)
{
    struct walking *x = arg;

    (void)name, (void)system, (void)public, (void)subset;
    x->typed = true;
    (void)XML_StopParser(x->parser, XML_FALSE);
}

enum err xml_read(const struct xml_walk *w, const uint8_t *bytes, size_t len)
{
    struct walking x = { .w = w, .parser = XML_ParserCreate(NULL) };
    enum err e = x.parser ? ERR_OK : ERR_NOMEM;

    if (e)
        return e;
    XML_SetUserData(x.parser, &x);
    XML_SetElementHandler(x.parser, on_start, on_end);
    XML_SetCharacterDataHandler(x.parser, on_text);
    XML_SetStartDoctypeDeclHandler(x.parser, on_type);
    for (size_t at = 0; !e && (at < len || len == 0);) {
        size_t n = len - at < BLOCK ? len - at : BLOCK;

        if (XML_Parse(x.parser, (const char *)bytes + at, (int)n, at + n == len) != XML_STATUS_OK)
            e = XML_GetErrorCode(x.parser) == XML_ERROR_NO_MEMORY ? ERR_NOMEM : ERR_PARSE;
        at += n;
        if (!e)
            e = *w->stop;
        if (len == 0)
            break;
    }
    XML_ParserFree(x.parser);
    return e;
}

const char *xml_attribute(const char *const *attributes, const char *name)
{
    for (; attributes[0]; attributes += 2) {
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    }
    return NULL;
}
