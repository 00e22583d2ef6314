package dev.gatehouse.backchannel;

import dev.gatehouse.config.GatehouseConfig.Backchannel;
import dev.gatehouse.seal.Secret;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
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

  private final CloseableHttpClient http;
  private final boolean insecureAllowHttp;
  private final ScheduledThreadPoolExecutor timer = OpThreads.timer("gatehouse-op-abort");
  private final Map<OpEndpoint, Semaphore> bulkheads = new EnumMap<>(OpEndpoint.class);

  /**
   * Makes a client; connects nowhere yet.
   *
   * @param insecureAllowHttp whether loopback may be called without TLS; development only
   * @throws IllegalArgumentException when the CA bundle cannot be read
   */
  public OpClient(Backchannel settings, AddressRule addresses, boolean insecureAllowHttp) {
    int each = settings.threads();
    for (OpEndpoint endpoint : OpEndpoint.values()) {
      bulkheads.put(endpoint, new Semaphore(each));
    }
    this.http = OpHttp.client(settings, addresses, each * OpEndpoint.values().length);
    this.insecureAllowHttp = insecureAllowHttp;
  }

  /** GETs {@code url}; {@code accessToken} goes into the Authorization field (RFC 6750 §2.1). */
  public OpReply get(
      OpEndpoint endpoint, URI url, Optional<Secret> accessToken, Deadline deadline) {
    HttpGet request = new HttpGet(url);
    accessToken.ifPresent(
        token -> request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token.reveal()));
    return call(endpoint, request, deadline);
  }

  /** POSTs {@code form} to {@code url}. */
  public OpReply post(OpEndpoint endpoint, URI url, OpForm form, Deadline deadline) {
    HttpPost request = new HttpPost(url);
    form.authorization()
        .ifPresent(value -> request.setHeader(HttpHeaders.AUTHORIZATION, value.reveal()));
    request.setEntity(new ByteArrayEntity(form.body(), FORM));
    return call(endpoint, request, deadline);
  }

  private OpReply call(OpEndpoint endpoint, HttpUriRequestBase request, Deadline deadline) {
    if (!secure(request)) {
      return failed(endpoint, OpFailure.TLS, "not https");
    }
    Semaphore bulkhead = bulkheads.get(endpoint);
    if (!acquired(bulkhead, deadline)) {
      return failed(endpoint, OpFailure.OVERLOADED, "too many calls under way");
    }
    try {
      return exchange(endpoint, request, deadline);
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

  private OpReply exchange(OpEndpoint endpoint, HttpUriRequestBase request, Deadline deadline) {
    request.setHeader(HttpHeaders.ACCEPT, "application/json");
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
      return read(endpoint, request, http.executeOpen(null, request, null));
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
      OpEndpoint endpoint, HttpUriRequestBase request, ClassicHttpResponse response)
      throws IOException {
    try {
      return judge(endpoint, response);
    } finally {
      // A body that was read to its end has given its connection back. Of any other the rest is
      // cut off: closing alone would read it all.
      request.cancel();
      Closer.closeQuietly(response);
    }
  }

  private static OpReply judge(OpEndpoint endpoint, ClassicHttpResponse response)
      throws IOException {
    int status = response.getCode();
    if (status >= 300 && status < 400) {
      return failed(endpoint, OpFailure.REDIRECTED, "status " + status);
    }
    if (status >= 500) {
      return failed(endpoint, OpFailure.FAILED, "status " + status);
    }
    Optional<JsonObject> body = body(endpoint, response.getEntity());
    if (body.isEmpty() && status == 200 && endpoint != OpEndpoint.REVOCATION) {
      return failed(endpoint, OpFailure.NONSENSE, "no JSON object within the limits");
    }
    return new OpReply.Answered(status, body.orElse(JsonObject.EMPTY));
  }

  private static Optional<JsonObject> body(OpEndpoint endpoint, HttpEntity entity)
      throws IOException {
    if (entity == null || !isPlainJson(entity)) {
      return Optional.empty();
    }
    byte[] bytes = entity.getContent().readNBytes(endpoint.maxBytes() + 1);
    return bytes.length > endpoint.maxBytes() ? Optional.empty() : JsonObject.parse(bytes);
  }

  // No encoding was asked for. One that comes nevertheless is not undone, so that no small body can
  // become a large one (TH-DOS-11).
  private static boolean isPlainJson(HttpEntity entity) {
    String encoding = entity.getContentEncoding();
    ContentType type = ContentType.parseLenient(entity.getContentType());
    String mediaType = type == null ? "" : String.valueOf(type.getMimeType());
    String lower = mediaType.toLowerCase(Locale.ROOT);
    return (encoding == null || encoding.equalsIgnoreCase("identity"))
        && (lower.equals("application/json")
            || (lower.startsWith("application/") && lower.endsWith("+json")));
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
    http.close(CloseMode.IMMEDIATE);
  }
}
