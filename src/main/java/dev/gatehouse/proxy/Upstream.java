package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.gate.Forward;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.ops.GatewayMetrics;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * The app behind the gateway: says which target a request goes to and what it carries. Repeats
 * nothing that has been sent. Safe for concurrent use.
 */
final class Upstream {
  private final UpstreamClient client;
  private final GatewayMetrics metrics;
  private final Target target;
  private final GatehouseConfig.Limits limits;
  private final Map<PublicUrl, PublicLocations> locations;

  Upstream(GatehouseConfig config, UpstreamClient client, GatewayMetrics metrics) {
    this.client = client;
    this.metrics = metrics;
    this.target = new Target(client, config.upstream().orElseThrow());
    this.limits = config.limits();
    this.locations =
        config.publicUrls().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(), url -> new PublicLocations(target.origin(), url)));
  }

  void start() throws Exception {
    client.start();
  }

  void stop() {
    client.stop();
  }

  /** How many connections do not lie idle. */
  int connectionsInUse() {
    return client.inUse();
  }

  /** Sends the client request on, and the app's answer back. */
  void send(ProxyExchange exchange, Decision.ToApp toApp) {
    Forward forward = toApp.forward();
    Request from = exchange.request();
    UpstreamRequest to =
        target.request(forward.upstreamPath(exchange.rawPath()), forward.rawQuery());
    to.method(from.getMethod());
    to.idleTimeout(limits.responseTimeout().toMillis(), TimeUnit.MILLISECONDS);
    boolean webSocket = WebSocketUpgrade.asked(from);
    if (limits.requestTimeout().isPresent() && !webSocket) {
      to.timeout(limits.requestTimeout().get().toMillis(), TimeUnit.MILLISECONDS);
    }
    to.headers(fields -> copy(exchange, forward, fields));
    if (webSocket) {
      to.headers(WebSocketUpgrade::put);
    }
    ClientBody body = exchange.body(toApp.body());
    if (body != null) {
      to.body(body);
    }
    AnswerFields fields = new AnswerFields(forward.answer(), locations.get(forward.publicUrl()));
    new UpstreamExchange(
            exchange, fields, to, body, webSocket ? tunnels(forward) : null, limits, metrics)
        .begin();
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
  private static void copy(ProxyExchange exchange, Forward forward, HttpFields.Mutable to) {
    HttpFields from = exchange.request().getHeaders();
    HopByHop hopByHop = HopByHop.of(from);
    to.add(HttpHeader.HOST, exchange.authority());
    for (HttpField field : from) {
      HttpHeader known = field.getHeader();
      // Jetty's client frames the body; this server answers Expect itself when the app takes the
      // body, since old apps do not know it.
      if (known == HttpHeader.HOST
          || known == HttpHeader.CONTENT_LENGTH
          || known == HttpHeader.EXPECT
          || hopByHop.includes(field)) {
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
      } else if (!forward.removes(field.getName())) {
        to.add(field);
      }
    }
    for (HeaderField field : forward.added()) {
      to.add(field.name(), field.octets());
    }
  }
}
