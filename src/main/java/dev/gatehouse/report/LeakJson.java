package dev.gatehouse.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.hygiene.Leak;
import java.util.TreeSet;

/** The leak report as JSON (RFC 8259): for programs, and for what the page cannot show. */
public final class LeakJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private LeakJson() {}

  /** The whole of {@code summary}. */
  public static String of(LeakSummary summary) {
    ObjectNode json = NODES.objectNode();
    json.put("since", summary.since().toString());
    json.put("at", summary.at().toString());
    json.put("noted", summary.all());
    ArrayNode routes = json.putArray("routes");
    summary.routes().forEach(route -> routes.add(route(route)));
    ArrayNode leaks = json.putArray("leaks");
    summary.rows().forEach(row -> leaks.add(row(row)));
    return json.toString();
  }

  private static ObjectNode route(RouteLeaks route) {
    ObjectNode json = NODES.objectNode();
    json.put("route", route.route());
    ArrayNode modes = json.putArray("modes");
    for (RouteMode mode : route.modes()) {
      ObjectNode each = modes.addObject();
      each.put("mode", mode.word());
      ArrayNode methods = each.putArray("methods");
      new TreeSet<>(mode.methods()).forEach(methods::add);
      mode.reason().ifPresent(reason -> each.put("reason", reason));
    }
    json.put("requests", route.requests());
    json.put("verdict", route.verdict().word());
    json.put("advice", route.advice());
    json.put("refusable", route.refusableCount());
    route
        .refusable()
        .ifPresent(
            row -> {
              json.put("first_seen", row.firstSeen().toString());
              json.put("last_seen", row.lastSeen().toString());
              details(row, json);
            });
    return json;
  }

  private static ObjectNode row(LeakRow row) {
    ObjectNode json = NODES.objectNode();
    json.put("route", row.route());
    json.put("name", row.name());
    json.put("place", row.placeWord());
    json.put("count", row.count());
    for (Leak.Outcome outcome : Leak.Outcome.values()) {
      json.put(outcome.word(), row.count(outcome));
    }
    json.put("first_seen", row.firstSeen().toString());
    json.put("last_seen", row.lastSeen().toString());
    details(row, json);
    return json;
  }

  private static void details(LeakRow row, ObjectNode json) {
    json.set("fingerprints", tally(row.fingerprints()));
    json.set("referring_hosts", tally(row.hosts()));
    json.set("agents", tally(row.agents()));
  }

  private static ObjectNode tally(Tally tally) {
    ObjectNode json = NODES.objectNode();
    ArrayNode top = json.putArray("top");
    tally.top().forEach(e -> top.addObject().put("text", e.text()).put("count", e.count()));
    json.put("others_count", tally.others());
    json.put("others_distinct", tally.more());
    return json;
  }
}
