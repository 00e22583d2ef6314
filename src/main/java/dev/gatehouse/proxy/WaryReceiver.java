package dev.gatehouse.proxy;

import java.nio.ByteBuffer;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.internal.HttpChannelOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpReceiverOverHTTP;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Where the app sends more than its answer, nobody knows where the next one begins, and the
 * connection is done with (RFC 9112 §11.1). Jetty drops what it has by then, and would take what
 * comes later for the next answer. Of a plain answer the fields are added without Jetty's queue.
 */
final class WaryReceiver extends HttpReceiverOverHTTP {
  private boolean excess;

  /** Whose head is being read, where nothing was answered to it before; else null. */
  private HttpExchange plain;

  WaryReceiver(HttpChannelOverHTTP channel) {
    super(channel);
  }

  /** Before the first byte of an answer: one that nobody waits for is not even begun. */
  @Override
  public void messageBegin() {
    ByteBuffer bytes = getResponseBuffer();
    if (BufferUtil.hasContent(bytes) && getHttpExchange() == null) {
      BufferUtil.clear(bytes);
      getHttpChannel().getHttpConnection().close();
    }
  }

  @Override
  public void startResponse(HttpVersion version, int status, String reason) {
    HttpExchange exchange = getHttpExchange();
    // An answer has no status before its first status line.
    boolean first = exchange != null && exchange.getResponse().getStatus() == 0;
    plain = first && !HttpStatus.isInterim(status) ? exchange : null;
    super.startResponse(version, status, reason);
  }

  /** Lets go of the exchange, lest a kept connection keeps a request and its token. */
  @Override
  public boolean headerComplete() {
    plain = null;
    return super.headerComplete();
  }

  /**
   * Jetty takes a lock for each field and queues it, for listeners that are not there. Where a 1xx
   * went before, its fields may still have to be cleared, so that the queue is needed.
   */
  @Override
  public void parsedHeader(HttpField field) {
    if (plain != null && plain == getHttpExchange()) {
      plain.getResponse().addHeader(field);
    } else {
      super.parsedHeader(field);
    }
  }

  @Override
  public boolean messageComplete() {
    HttpExchange exchange = getHttpExchange();
    excess |=
        exchange != null
            && exchange.getResponse().getStatus() >= HttpStatus.OK_200
            && BufferUtil.hasContent(getResponseBuffer());
    return super.messageComplete();
  }

  void drop() {
    ByteBuffer bytes = getResponseBuffer();
    if (bytes != null) {
      BufferUtil.clear(bytes);
      onUpgradeFrom(); // the one way to the buffer's release
    }
  }

  @Override
  protected boolean isShutdown() {
    return excess || super.isShutdown();
  }
}
