/* SPDX-License-Identifier: Apache-2.0
 *
 * Walks an XML document of ECMA-376. A document type is refused, so nothing
 * can be expanded or fetched. Names come without their prefix.
 */
#ifndef PARTA_TABLES_XML_H
#define PARTA_TABLES_XML_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

struct xml_walk {
    void (*start)(void *arg, const char *name, const char *const *attributes);
    void (*end)(void *arg, const char *name);
    void (*text)(void *arg, const char *s, size_t len); /* in pieces */
    void *arg;
    const enum err *stop; /* when this is not ERR_OK any more, it ends */
};

/* ERR_PARSE: not well-formed, or with a document type; what *stop says; ERR_NOMEM. */
enum err xml_read(const struct xml_walk *w, const uint8_t *bytes, size_t len) MUST_CHECK;

/* An attribute's value (name with its prefix), or NULL. */
const char *xml_attribute(const char *const *attributes, const char *name);

#endif
