/* SPDX-License-Identifier: Apache-2.0
 *
 * Running the server: puts the parts together, waits for signals, takes them
 * apart in the reverse order. Main thread.
 */
#include <stdio.h>

#include "common/base/log.h"
#include "common/base/now.h"
#include "server/cli.h"
#include "server/sys/signals.h"

/* What stands in the way, as a sentence for whoever has started it; the log lines have the detail.
 */
static void explain(const struct config *config, enum err e, bool records)
{
    struct strbuf problems;

    strbuf_init(&problems);
    if (config_check(config, &problems) > 0 && strbuf_ok(&problems))
        fprintf(stderr, "%s", problems.s);
    else if (!records)
        fprintf(stderr,
                "The ports cannot be opened (TCP %lld, UDP from %d): another program has them, or "
                "they need a privilege.\n",
                (long long)config->port, config->net.udp_port);
    else if (e == ERR_AGAIN)
        fprintf(stderr, "%s belongs to a server that is running: stop it first.\n",
                config->database);
    else if (e == ERR_STATE)
        fprintf(stderr, "%s was made by another version of Parta: use that, or a newer one.\n",
                config->database);
    else if (e == ERR_DB)
        fprintf(stderr,
                "%s is damaged, or is no database of Parta. It was left as it is: keep it, and put "
                "the last good backup in its place.\n",
                config->database);
    else
        fprintf(
            stderr,
            "The secret %s or the column keys %s are not there or not whole: %s needs those that "
            "it was made with (%s).\n",
            config->secret, config->ring, config->database, err_name(e));
    strbuf_deinit(&problems);
}

int serve_run(const struct config *config, const struct serve_hooks *hooks)
{
    struct desk_config desk_config = { .db_path = config->database,
                                       .key_path = config->secret,
                                       .ring_path = config->ring,
                                       .workers = (int)config->workers,
                                       .mail = { .url = config->smtp,
                                                 .user = config->smtp_user,
                                                 .password = config->password,
                                                 .from = config->mail_from,
                                                 .ca_file = config->mail_ca,
                                                 .origin = config->net.origins[0] },
                                       .hooks = { .ca_file = config->hooks_ca,
                                                  .inside = config->hooks_inside == 1 },
                                       .every_minute = hooks->every_minute };
    struct net *net = NULL;
    struct desk *desk = NULL;
    enum signal_event event;
    enum err e;

    log_set_level(config->log_level);
    e = signals_block();
    if (!e)
        e = net_open(&net, &config->net);
    if (!e) {
        desk_config.to_net = net_mailbox(net);
        e = desk_open(&desk, &desk_config);
    }
    if (!e)
        e = net_start(net, desk);
    if (!e) {
        log_info("serve.ready", "port=%d metrics_port=%d", net_port(net), net_metrics_port(net));
        if (hooks->listening)
            hooks->listening(net, hooks->arg);
        do {
            event = signals_wait(3600 * US_PER_S);
            if (event == SIGNAL_RELOAD)
                net_reload(net);
        } while (event != SIGNAL_STOP);
        log_info("serve.stop", "reason=signal");
    } else {
        log_error("serve.start", "error=%s", err_name(e));
        explain(config, e, net != NULL);
    }
    /* The net first, so that nothing new reaches the desk; its box outlives the desk. */
    if (net)
        net_stop(net);
    if (desk)
        desk_close(desk);
    net_free(net);
    return e ? EXIT_FAILED : EXIT_DONE;
}

static void say_where(const struct net *n, void *arg)
{
    const struct config *config = arg;

    printf("Parta serves %s (TCP port %d, UDP from port %d). Ctrl+C ends it.\n", config->origin,
           net_port(n), config->net.udp_port);
    fflush(stdout);
}

int cli_serve(const struct command *self, int argc, char **argv)
{
    static const char *const none[] = { NULL };
    static struct config config; /* net_config borrows its text for as long as the server runs */
    struct serve_hooks hooks = { .listening = say_where, .arg = &config };
    int n = cli_options(self, argc, argv, none, NULL);

    if (n != 1)
        return n < 0 ? EXIT_USAGE : cli_usage(self, "name one settings file");
    if (cli_load(argv[1], &config) != ERR_OK)
        return EXIT_FAILED;
    return serve_run(&config, &hooks);
}
