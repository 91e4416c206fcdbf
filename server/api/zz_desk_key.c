#include "server/api/account.h"
#include "server/api/desk_internal.h"
const struct account_key *desk_key(const struct desk *d) { return &d->key; }
