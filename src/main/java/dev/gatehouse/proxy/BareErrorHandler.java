package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What Jetty says where it refuses a message before the engine sees it: the status in words and
 * nothing else, no version, no stack, no input (TH-SEC-10).
 */
final class BareErrorHandler implements Request.Handler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    String text = status + " " + HttpStatus.getMessage(status) + "\n";
    HttpFields.Mutable fields = response.getHeaders();
    fields.put(HttpHeader.CONTENT_TYPE, "text/plain;charset=us-ascii");
    fields.put(HttpHeader.CACHE_CONTROL, "no-store");
    fields.put("Referrer-Policy", "no-referrer");
    fields.put("X-Content-Type-Options", "nosniff");
    fields.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    fields.put(HttpFields.CONNECTION_CLOSE);
    response.write(true, ByteBuffer.wrap(text.getBytes(US_ASCII)), callback);
    return true;
  }
}
