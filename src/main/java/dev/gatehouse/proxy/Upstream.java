package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.config.RouteTable;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.gate.Forward;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.ops.GatewayMetrics;
import dev.gatehouse.page.Page;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * The apps behind the gateway: says which route a request takes and what it carries. The choice
 * follows the path that was judged and has no say in the judgement. Safe for concurrent use.
 */
final class Upstream {
  private final UpstreamClient client;
  private final GatewayMetrics metrics;
  private final GatehouseConfig.Limits limits;
  private final List<Route> routes;
  private final List<HealthChecks> checks;

  /** The route of all requests; null where there are several. */
  private final Route only;

  private final Map<PublicUrl, RouteTable<Route>> tables;

  Upstream(GatehouseConfig config, UpstreamClient client, GatewayMetrics metrics) {
    this.client = client;
    this.metrics = metrics;
    this.limits = config.limits();
    Routes made = Routes.of(config, client, metrics);
    this.routes = made.all();
    this.checks = made.checks();
    this.only = config.upstreams().isSingle() ? routes.get(0) : null;
    this.tables = made.tables();
  }

  void start() throws Exception {
    client.start();
    checks.forEach(HealthChecks::start);
  }

  void stop() {
    checks.forEach(HealthChecks::stop);
    client.stop();
  }

  /** How many connections do not lie idle. */
  int connectionsInUse() {
    return client.inUse();
  }

  /** What is not as it should be, for whoever looks at the gateway's health. */
  List<String> complaints() {
    return routes.stream()
        .filter(route -> route.targets().well() < route.targets().all().size())
        .map(
            route ->
                "upstream "
                    + route.name()
                    + ": "
                    + route.targets().well()
                    + " of "
                    + route.targets().all().size()
                    + " targets well")
        .toList();
  }

  /** Why no user should be sent here; empty while any app is left. */
  Optional<String> notReadyReason() {
    return routes.stream().allMatch(route -> route.targets().none())
        ? Optional.of(UpstreamFault.NONE_WELL.reason())
        : Optional.empty();
  }

  /** Sends the client request on, and the app's answer back. */
  void send(ProxyExchange exchange, Decision.ToApp toApp) {
    Forward forward = toApp.forward();
    Route route = route(forward);
    if (route == null) {
      exchange.failAndClose(404, Page.Kind.NOT_FOUND, "no-upstream", null, exchange.callback());
      return;
    }
    String path = forward.upstreamPath(exchange.rawPath());
    String appPath = route.prefix() == null ? path : route.prefix().toApp(path);
    ClientBody body = exchange.body(toApp.body());
    AnswerFields fields =
        new AnswerFields(forward.answer(), route.locations().get(forward.publicUrl()), appPath);
    boolean webSocket = WebSocketUpgrade.asked(exchange.request());
    new UpstreamExchange(
            exchange,
            fields,
            new Onward(this, route, forward, appPath, webSocket),
            body,
            webSocket ? tunnels(forward) : null,
            limits,
            metrics)
        .begin();
  }

  private Route route(Forward forward) {
    return only != null ? only : tables.get(forward.publicUrl()).find(forward.path().canonical());
  }

  /** The request that goes to {@code target}; each needs one of its own. */
  UpstreamRequest request(ProxyExchange exchange, Onward onward, Target target, ClientBody body) {
    Forward forward = onward.forward();
    Request from = exchange.request();
    EndPoint client = from.getConnectionMetaData().getConnection().getEndPoint();
    UpstreamRequest to = target.request(client, onward.path(), forward.rawQuery());
    to.method(from.getMethod());
    to.idleTimeout(limits.responseTimeout().toMillis(), TimeUnit.MILLISECONDS);
    if (limits.requestTimeout().isPresent() && !onward.webSocket()) {
      to.timeout(limits.requestTimeout().get().toMillis(), TimeUnit.MILLISECONDS);
    }
    to.headers(fields -> copy(exchange, onward, fields));
    if (onward.webSocket()) {
      to.headers(WebSocketUpgrade::put);
    }
    if (body != null) {
      to.body(body);
      if (body.getLength() < 0) {
        // Behind a body of known length nothing can come, and Jetty would send it in chunks.
        HttpFields head = from.getHeaders();
        to.trailersSupplier(() -> TrailerSection.toApp(body.trailers(), head, forward));
      }
    }
    return to;
  }

  private UpstreamExchange.TunnelMaker tunnels(Forward forward) {
    return (clientSide, appSide) ->
        new Tunnel(
            clientSide,
            appSide,
            client.http().getExecutor(),
            client.http().getScheduler(),
            client.http().getByteBufferPool(),
            limits.tunnels(),
            forward::stillHolds,
            metrics);
  }

  /**
   * What ends at this hop goes before identity is added, so that a client's Connection field cannot
   * take away what the gateway adds (TH-HDR-3).
   */
  private static void copy(ProxyExchange exchange, Onward onward, HttpFields.Mutable to) {
    Forward forward = onward.forward();
    HttpFields from = exchange.request().getHeaders();
    HopByHop hopByHop = HopByHop.of(from);
    boolean codings = false;
    to.add(HttpHeader.HOST, exchange.authority());
    for (HttpField field : from) {
      HttpHeader known = field.getHeader();
      // Jetty's client frames the body; this server answers Expect itself when the app takes the
      // body, since old apps do not know it.
      if (known == HttpHeader.HOST
          || known == HttpHeader.CONTENT_LENGTH
          || known == HttpHeader.EXPECT
          || hopByHop.includes(field)) {
        codings |= known == HttpHeader.TE;
        continue;
      }
      if (known == HttpHeader.COOKIE) {
        String cookie = forward.cookie(field.getValue());
        if (cookie != null) {
          to.add(HttpHeader.COOKIE, cookie);
        }
      } else if (known == HttpHeader.REFERER) {
        String referer = forward.referer(field.getValue());
        if (referer == field.getValue()) {
          to.add(field);
        } else if (referer != null) {
          to.add(HttpHeader.REFERER, referer);
        }
      } else if (onward.route().prefix() != null && Destination.isIn(field)) {
        String destination = Destination.atApp(field.getValue(), forward, onward.route().prefix());
        if (destination != null) {
          to.add(field.getName(), destination);
        }
      } else if (!forward.removes(field.getName())) {
        to.add(field);
      }
    }
    for (HeaderField field : forward.added()) {
      to.add(field.name(), field.octets());
    }
    if (codings && !onward.webSocket() && TrailerSection.wanted(exchange.request())) {
      // RFC 9110 §10.1.4: for this hop it is the gateway that says so.
      to.add(HttpHeader.TE, "trailers");
      to.add(HttpHeader.CONNECTION, "TE");
    }
  }
}
