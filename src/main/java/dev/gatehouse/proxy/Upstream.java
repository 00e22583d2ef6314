package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.config.UpstreamTrust;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.gate.Forward;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.ops.GatewayMetrics;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The app behind the gateway: HTTP/1.1 to one origin, which comes from the configuration and from
 * nothing else (TH-HTTP-12). Follows no redirect, keeps no cookie, repeats nothing that has been
 * sent. Safe for concurrent use.
 */
final class Upstream {
  /**
   * Kept connections go sooner than common servers end them (Apache httpd after 5 s), so that
   * hardly a request meets a connection that is just being closed; it would fail, since it is not
   * repeated.
   */
  private static final Duration KEPT = Duration.ofSeconds(4);

  private static final int MAX_CONNECTIONS = 1024;

  private final HttpClient client;
  private final GatewayMetrics metrics;
  private final URI origin;
  private final GatehouseConfig.Limits limits;
  private final Map<PublicUrl, PublicLocations> locations;

  /**
   * Shares the server's threads, timers and buffers, which halves the cost of a request.
   *
   * @throws IOException when a certificate for TLS with the app cannot be read
   * @throws GeneralSecurityException when one is not what it should be
   */
  Upstream(
      GatehouseConfig config,
      Executor threads,
      Scheduler scheduler,
      ByteBufferPool buffers,
      GatewayMetrics metrics)
      throws IOException, GeneralSecurityException {
    this.metrics = metrics;
    this.origin = config.upstream().orElseThrow();
    this.limits = config.limits();
    this.locations =
        config.publicUrls().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(), url -> new PublicLocations(origin, url)));
    ClientConnector connector = new ClientConnector();
    connector.setSslContextFactory(tls(config.upstreamTrust()));
    connector.setExecutor(threads);
    connector.setScheduler(scheduler);
    connector.setByteBufferPool(buffers);
    client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    client.setExecutor(threads);
    client.setScheduler(scheduler);
    client.setByteBufferPool(buffers);
    client.setConnectTimeout(limits.connectTimeout().toMillis());
    client.setIdleTimeout(KEPT.toMillis());
    client.setMaxConnectionsPerDestination(MAX_CONNECTIONS);
    client.setMaxRequestHeadersSize(4 * limits.maxHeadBytes());
    client.setMaxResponseHeadersSize(2 * limits.maxHeadBytes());
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setUserAgentField(null);
    client.setDefaultRequestContentType(null);
  }

  /** The app's name is always compared with its certificate (RFC 9110 §4.3.4). */
  private static SslContextFactory.Client tls(UpstreamTrust trust)
      throws IOException, GeneralSecurityException {
    SslContextFactory.Client context = new SslContextFactory.Client();
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    context.setEndpointIdentificationAlgorithm("HTTPS");
    if (trust.certificate().isPresent()) {
      GatehouseConfig.Tls files = trust.certificate().get();
      context.setKeyStore(PemKeyStore.read(files.certificate(), files.privateKey()));
      context.setKeyStorePassword(PemKeyStore.PASSWORD);
    }
    if (trust.caBundle().isPresent()) {
      context.setTrustStore(PemKeyStore.trusting(trust.caBundle().get()));
    }
    return context;
  }

  void start() throws Exception {
    client.start();
    // Only a started client can be told: bodies and answers pass as they are.
    client.getContentDecoderFactories().clear();
    client.getProtocolHandlers().clear();
    InterimAnswers.forwardedBy(client.getProtocolHandlers());
  }

  void stop() {
    LifeCycle.stop(client);
  }

  /** Sends the client request on, and the app's answer back. */
  void send(ProxyExchange exchange, Decision.ToApp toApp) {
    Forward forward = toApp.forward();
    Request from = exchange.request();
    UpstreamRequest to =
        new UpstreamRequest(
            client, origin, forward.upstreamPath(exchange.rawPath()), forward.rawQuery());
    to.method(from.getMethod());
    to.idleTimeout(limits.responseTimeout().toMillis(), TimeUnit.MILLISECONDS);
    boolean webSocket = WebSocketUpgrade.asked(from);
    to.headers(fields -> copy(exchange, forward, fields));
    if (webSocket) {
      to.headers(WebSocketUpgrade::put);
    }
    ClientBody body = exchange.body(toApp.body(), limits.maxBodyBytes());
    if (body != null) {
      to.body(body);
    }
    AnswerFields fields = new AnswerFields(forward.answer(), locations.get(forward.publicUrl()));
    new UpstreamExchange(exchange, fields, to, body, webSocket ? tunnels(forward) : null, metrics)
        .begin();
  }

  private UpstreamExchange.TunnelMaker tunnels(Forward forward) {
    return (clientSide, appSide) ->
        new Tunnel(
            clientSide,
            appSide,
            client.getExecutor(),
            client.getScheduler(),
            client.getByteBufferPool(),
            limits.idleTimeout(),
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
