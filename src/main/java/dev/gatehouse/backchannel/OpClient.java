package dev.gatehouse.backchannel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatehouse.config.GatehouseConfig.Backchannel;
import dev.gatehouse.keys.ClientCertificate;
import dev.gatehouse.seal.Secret;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.Closer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the OP over HTTP. Each call ends by its deadline, reads a bounded body, follows no redirect
 * and is sent once: a code or a refresh token that was sent twice looks stolen (TH-TOK-6). The OP's
 * faults are values, never exceptions. Safe for concurrent use.
 */
public final class OpClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpClient.class);
  private static final ContentType FORM = ContentType.create("application/x-www-form-urlencoded");
  private static final String JSON = "application/json";
  private static final String JWT = "application/jwt";
  private static final String INTROSPECTION_JWT = "application/token-introspection+jwt";
  private static final String DPOP = "DPoP";
  private static final Pattern NONCE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,1024}");

  private final OpHttpInUse http;
  private final boolean insecureAllowHttp;
  private final ScheduledThreadPoolExecutor timer = OpThreads.timer("gatehouse-op-abort");
  private final Map<OpEndpoint, Semaphore> bulkheads = new EnumMap<>(OpEndpoint.class);
  private final OpCallMeter meter;

  /**
   * Makes a client; connects nowhere yet.
   *
   * @param insecureAllowHttp whether loopback may be called without TLS; development only
   * @throws IllegalArgumentException when the CA bundle cannot be read
   */
  public OpClient(Backchannel settings, AddressRule addresses, boolean insecureAllowHttp) {
    this(settings, addresses, insecureAllowHttp, Optional::empty, OpCallMeter.NONE);
  }

  /**
   * Makes a client that shows a certificate to servers that ask for one (RFC 8705 §2).
   *
   * @param certificates the one of the moment
   * @param meter is told of each call
   * @throws IllegalArgumentException when the CA bundle cannot be read
   */
  public OpClient(
      Backchannel settings,
      AddressRule addresses,
      boolean insecureAllowHttp,
      Supplier<Optional<ClientCertificate>> certificates,
      OpCallMeter meter) {
    int each = settings.threads();
    for (OpEndpoint endpoint : OpEndpoint.values()) {
      bulkheads.put(endpoint, new Semaphore(each));
    }
    int connections = each * OpEndpoint.values().length;
    this.http =
        new OpHttpInUse(
            certificates,
            own -> OpHttp.client(settings, addresses, connections, own),
            timer,
            settings.deadline());
    this.insecureAllowHttp = insecureAllowHttp;
    this.meter = meter;
  }

  /** GETs a JSON document that anybody may read. */
  public OpReply get(OpEndpoint endpoint, URI url, Deadline deadline) {
    return call(endpoint, new HttpGet(url), JSON, deadline);
  }

  /** GETs JSON at {@code url} with an access token. */
  public OpReply get(OpEndpoint endpoint, URI url, OpAccess access, Deadline deadline) {
    return call(endpoint, get(url, access), JSON, deadline);
  }

  /** GETs a JWT at {@code url} with an access token; JSON in its place is nonsense. */
  public OpReply getJwt(OpEndpoint endpoint, URI url, OpAccess access, Deadline deadline) {
    return call(endpoint, get(url, access), JWT, deadline);
  }

  private static HttpGet get(URI url, OpAccess access) {
    HttpGet request = new HttpGet(url);
    request.setHeader(HttpHeaders.AUTHORIZATION, access.authorization().reveal());
    access.dpopProof().ifPresent(proof -> request.setHeader(DPOP, proof.reveal()));
    return request;
  }

  /** POSTs {@code form} to {@code url}. */
  public OpReply post(OpEndpoint endpoint, URI url, OpForm form, Deadline deadline) {
    return post(endpoint, url, form, JSON, deadline);
  }

  /** The same where a signed introspection response has to come (RFC 9701 §4); JSON is nonsense. */
  public OpReply postForIntrospectionJwt(
      OpEndpoint endpoint, URI url, OpForm form, Deadline deadline) {
    return post(endpoint, url, form, INTROSPECTION_JWT, deadline);
  }

  private OpReply post(
      OpEndpoint endpoint, URI url, OpForm form, String mediaType, Deadline deadline) {
    HttpPost request = new HttpPost(url);
    form.authorization()
        .ifPresent(value -> request.setHeader(HttpHeaders.AUTHORIZATION, value.reveal()));
    form.dpopProof().ifPresent(proof -> request.setHeader(DPOP, proof.reveal()));
    request.setEntity(new ByteArrayEntity(form.body(), FORM));
    return call(endpoint, request, mediaType, deadline);
  }

  private OpReply call(
      OpEndpoint endpoint, HttpUriRequestBase request, String mediaType, Deadline deadline) {
    long begun = System.nanoTime();
    OpReply reply = unmeasured(endpoint, request, mediaType, deadline);
    meter.called(
        endpoint,
        reply instanceof OpReply.Failed failed ? Optional.of(failed.failure()) : Optional.empty(),
        Duration.ofNanos(System.nanoTime() - begun));
    return reply;
  }

  private OpReply unmeasured(
      OpEndpoint endpoint, HttpUriRequestBase request, String mediaType, Deadline deadline) {
    if (!secure(request)) {
      return failed(endpoint, OpFailure.TLS, "not https");
    }
    Semaphore bulkhead = bulkheads.get(endpoint);
    if (!acquired(bulkhead, deadline)) {
      return failed(endpoint, OpFailure.OVERLOADED, "too many calls under way");
    }
    try {
      return exchange(endpoint, request, mediaType, deadline);
    } finally {
      bulkhead.release();
    }
  }

  private boolean secure(HttpUriRequestBase request) {
    return "https".equalsIgnoreCase(request.getScheme())
        || (insecureAllowHttp && AddressRule.isLoopback(request.getAuthority().getHostName()));
  }

  private static boolean acquired(Semaphore bulkhead, Deadline deadline) {
    try {
      return bulkhead.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private OpReply exchange(
      OpEndpoint endpoint, HttpUriRequestBase request, String mediaType, Deadline deadline) {
    request.setHeader(HttpHeaders.ACCEPT, mediaType);
    AtomicBoolean late = new AtomicBoolean();
    // The read timeout starts anew with each byte; only this ends a reply that drips.
    Future<?> alarm =
        timer.schedule(
            () -> {
              late.set(true);
              request.cancel();
            },
            deadline.remaining().toNanos(),
            TimeUnit.NANOSECONDS);
    try {
      return read(endpoint, request, mediaType, http.client().executeOpen(null, request, null));
    } catch (IOException e) {
      return failed(
          endpoint,
          late.get() ? OpFailure.TIMED_OUT : failure(e),
          e.getClass().getSimpleName() + " " + e.getMessage());
    } finally {
      alarm.cancel(false);
    }
  }

  private static OpReply read(
      OpEndpoint endpoint,
      HttpUriRequestBase request,
      String mediaType,
      ClassicHttpResponse response)
      throws IOException {
    try {
      return judge(endpoint, mediaType, response);
    } finally {
      // A body that was read to its end has given its connection back. Of any other the rest is
      // cut off: closing alone would read it all.
      request.cancel();
      Closer.closeQuietly(response);
    }
  }

  private static OpReply judge(OpEndpoint endpoint, String mediaType, ClassicHttpResponse response)
      throws IOException {
    int status = response.getCode();
    if (status >= 300 && status < 400) {
      return failed(endpoint, OpFailure.REDIRECTED, "status " + status);
    }
    // 408 and 429 say nothing of the request either, but that it came at the wrong moment.
    if (status >= 500 || status == 408 || status == 429) {
      return failed(endpoint, OpFailure.FAILED, "status " + status);
    }
    Optional<Secret> nonce = dpopNonce(response);
    if (status == 200 && !mediaType.equals(JSON)) {
      return text(endpoint, mediaType, response.getEntity())
          .<OpReply>map(
              jwt -> new OpReply.Answered(status, JsonObject.EMPTY, Optional.of(jwt), nonce))
          .orElseGet(() -> failed(endpoint, OpFailure.NONSENSE, "no JWT within the limits"));
    }
    Optional<JsonObject> body = body(endpoint, response.getEntity());
    if (body.isEmpty() && status == 200 && endpoint != OpEndpoint.REVOCATION) {
      return failed(endpoint, OpFailure.NONSENSE, "no JSON object within the limits");
    }
    return new OpReply.Answered(status, body.orElse(JsonObject.EMPTY), Optional.empty(), nonce);
  }

  // RFC 9449 §8.1: one field of 1*NQCHAR; anything else is none.
  private static Optional<Secret> dpopNonce(ClassicHttpResponse response) {
    Header[] fields = response.getHeaders("DPoP-Nonce");
    return fields.length == 1 && NONCE.matcher(fields[0].getValue()).matches()
        ? Optional.of(Secret.of(fields[0].getValue()))
        : Optional.empty();
  }

  private static Optional<JsonObject> body(OpEndpoint endpoint, HttpEntity entity)
      throws IOException {
    if (entity == null || !isPlain(entity)) {
      return Optional.empty();
    }
    if (endpoint == OpEndpoint.FORM_TOKEN && mediaType(entity).equals(FORM.getMimeType())) {
      return bytes(endpoint, entity).flatMap(JsonObject::parseForm);
    }
    return isJson(mediaType(entity))
        ? bytes(endpoint, entity).flatMap(JsonObject::parse)
        : Optional.empty();
  }

  private static Optional<Secret> text(OpEndpoint endpoint, String mediaType, HttpEntity entity)
      throws IOException {
    return entity != null && isPlain(entity) && mediaType(entity).equals(mediaType)
        ? bytes(endpoint, entity).map(bytes -> Secret.of(new String(bytes, US_ASCII).strip()))
        : Optional.empty();
  }

  private static Optional<byte[]> bytes(OpEndpoint endpoint, HttpEntity entity) throws IOException {
    byte[] bytes = entity.getContent().readNBytes(endpoint.maxBytes() + 1);
    return bytes.length > endpoint.maxBytes() ? Optional.empty() : Optional.of(bytes);
  }

  // No encoding was asked for. One that comes nevertheless is not undone, so that no small body can
  // become a large one (TH-DOS-11).
  private static boolean isPlain(HttpEntity entity) {
    String encoding = entity.getContentEncoding();
    return encoding == null || encoding.equalsIgnoreCase("identity");
  }

  private static String mediaType(HttpEntity entity) {
    ContentType type = ContentType.parseLenient(entity.getContentType());
    return type == null ? "" : String.valueOf(type.getMimeType()).toLowerCase(Locale.ROOT);
  }

  private static boolean isJson(String mediaType) {
    return mediaType.equals(JSON)
        || (mediaType.startsWith("application/") && mediaType.endsWith("+json"));
  }

  private static OpFailure failure(IOException e) {
    if (e instanceof OpHttp.ForbiddenAddressException) {
      return OpFailure.FORBIDDEN_ADDRESS;
    }
    if (e instanceof SSLException) {
      return OpFailure.TLS;
    }
    if (e instanceof SocketTimeoutException || e instanceof InterruptedIOException) {
      return OpFailure.TIMED_OUT;
    }
    return e instanceof ClientProtocolException ? OpFailure.NONSENSE : OpFailure.UNREACHABLE;
  }

  private static OpReply failed(OpEndpoint endpoint, OpFailure failure, String detail) {
    LOG.warn("{} endpoint: {} ({})", endpoint, failure.reason(), LogText.clean(detail));
    return new OpReply.Failed(failure);
  }

  /** Breaks off what is under way and closes all connections. */
  @Override
  public void close() {
    OpThreads.end(timer);
    http.close();
  }
}
