package dev.gatehouse.proxy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.parser.ServerParser;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Jetty's parser of HTTP/2 with three things added: what has begun has to end in time, however many
 * bytes drop in meanwhile; a header block ends before it costs much (TH-DOS-10, TH-DOS-8); and it
 * is one piece (RFC 9113 §6.10), where Jetty takes an empty end of it from another stream.
 */
final class StrictHttp2Parser extends ServerParser {
  private final EndPoint endPoint;
  private final Scheduler timers;
  private final Duration headTimeout;
  private final int maxHeadBytes;
  private final FrameWatch watch;
  private Scheduler.Task deadline;
  private long watched = -1;

  StrictHttp2Parser(
      ByteBufferPool buffers,
      RateControl rateControl,
      EndPoint endPoint,
      Scheduler timers,
      Duration headTimeout,
      int maxHeadBytes) {
    super(buffers, maxHeadBytes, rateControl);
    this.endPoint = endPoint;
    this.timers = timers;
    this.headTimeout = headTimeout;
    this.maxHeadBytes = maxHeadBytes;
    this.watch = new FrameWatch(maxHeadBytes);
    watchHead(); // the preface
  }

  @Override
  protected void onPreface() {
    super.onPreface();
    // The session has just set what it tells clients; a head somewhat larger gets an answer.
    getHpackDecoder().setMaxHeaderListSize(maxHeadBytes);
  }

  @Override
  public void parse(ByteBuffer buffer) {
    if (!watch.accepts(buffer)) {
      BufferUtil.clear(buffer);
      cancel();
      if (watch.interrupted()) {
        notifyConnectionFailure(ErrorCode.PROTOCOL_ERROR.code, "header_block_interrupted");
      } else {
        notifyConnectionFailure(ErrorCode.ENHANCE_YOUR_CALM_ERROR.code, "header_block_too_large");
      }
      return;
    }
    super.parse(buffer);
    watchHead();
  }

  private void watchHead() {
    if (!watch.unfinished()) {
      cancel();
    } else if (watched != watch.finished()) {
      cancel();
      watched = watch.finished();
      deadline =
          timers.schedule(
              () -> endPoint.close(new TimeoutException("HTTP/2 frame too slow")),
              headTimeout.toNanos(),
              TimeUnit.NANOSECONDS);
    }
  }

  private void cancel() {
    watched = -1;
    if (deadline != null) {
      deadline.cancel();
      deadline = null;
    }
  }
}
