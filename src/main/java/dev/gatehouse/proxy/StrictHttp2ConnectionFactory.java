package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.SessionContainer;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.generator.Generator;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.internal.HTTP2ServerConnection;
import org.eclipse.jetty.http2.server.internal.HTTP2ServerSession;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.io.WindowRateControl;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Callback;

/**
 * Makes connections that speak RFC 9113 and nothing that resembles it (TH-HTTP-5). WebSockets over
 * HTTP/2 (RFC 8441) are not offered: browsers open a connection of HTTP/1.1 for them.
 */
final class StrictHttp2ConnectionFactory extends HTTP2ServerConnectionFactory
    implements ConnectionFactory.Detecting {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  /** Requests at once on one connection, as few as RFC 9113 §5.1.2 recommends. */
  static final int MAX_STREAMS = 100;

  /**
   * Frames in a second that an honest client seldom needs and that cost more here than there:
   * resets, pings, settings, priorities, empty ones. Somebody who browses fast cancels dozens.
   */
  private static final int MAX_EVENTS_PER_SECOND = 100;

  private static final int MAX_SETTINGS = 16;

  /** What a client may send ahead of the app on one stream, and on all of a connection. */
  private static final int STREAM_WINDOW = 256 * 1024;

  private static final int SESSION_WINDOW = 1024 * 1024;

  private final int maxHeadBytes;
  private final Duration headTimeout;
  private final RefusedHeads refused;

  /**
   * @param protocol {@code h2} over TLS, {@code h2c} without (RFC 9113 §3.1)
   * @param http how the gateway speaks HTTP/1.1
   */
  StrictHttp2ConnectionFactory(
      String protocol, HttpConfiguration http, Duration headTimeout, RefusedHeads refused) {
    super(new HttpConfiguration(http), protocol);
    this.maxHeadBytes = http.getRequestHeaderSize();
    this.headTimeout = headTimeout;
    this.refused = refused;
    setMaxConcurrentStreams(MAX_STREAMS);
    setConnectProtocolEnabled(false);
    setRateControlFactory(
        new RateControl.Factory() {
          @Override
          public RateControl newRateControl(EndPoint endPoint) {
            return new WindowRateControl(MAX_EVENTS_PER_SECOND, Duration.ofSeconds(1));
          }
        });
    setMaxSettingsKeys(MAX_SETTINGS);
    setInitialStreamRecvWindow(STREAM_WINDOW);
    setInitialSessionRecvWindow(SESSION_WINDOW);
  }

  @Override
  protected Map<Integer, Integer> newSettings() {
    Map<Integer, Integer> settings = super.newSettings();
    settings.put(SettingsFrame.MAX_HEADER_LIST_SIZE, maxHeadBytes);
    return settings;
  }

  /** As Jetty's, with another parser. */
  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    HttpConfiguration http = getHttpConfiguration();
    Generator generator =
        new Generator(
            connector.getByteBufferPool(),
            isUseOutputDirectByteBuffers(),
            getMaxHeaderBlockFragment());
    generator.getHpackEncoder().setMaxHeaderListSize(http.getMaxResponseHeaderSize());
    // Twice the limit still gets 431; the connection goes at what nobody sends by mistake.
    StrictHttp2Parser parser =
        new StrictHttp2Parser(
            connector.getByteBufferPool(),
            getRateControlFactory().newRateControl(endPoint),
            endPoint,
            connector.getScheduler(),
            headTimeout,
            2 * maxHeadBytes);
    parser.setMaxSettingsKeys(getMaxSettingsKeys());
    ServerSessionListener listener = new Requests(endPoint, parser::rateControlOnEvent);
    HTTP2ServerSession session =
        new StrictHttp2Session(
            connector.getScheduler(),
            endPoint,
            parser,
            generator,
            listener,
            getFlowControlStrategyFactory().newFlowControlStrategy(),
            refused);
    session.setMaxLocalStreams(getMaxConcurrentStreams());
    session.setMaxRemoteStreams(getMaxConcurrentStreams());
    session.setMaxEncoderTableCapacity(getMaxEncoderTableCapacity());
    session.setStreamIdleTimeout(endPoint.getIdleTimeout());
    session.setInitialSessionRecvWindow(getInitialSessionRecvWindow());
    session.setWriteThreshold(http.getOutputBufferSize());
    HTTP2Connection connection =
        new HTTP2ServerConnection(connector, endPoint, http, session, listener);
    connection.setUseInputDirectByteBuffers(isUseInputDirectByteBuffers());
    connection.setUseOutputDirectByteBuffers(isUseOutputDirectByteBuffers());
    connection.addEventListener(sessions());
    parser.init(connection);
    return configure(connection, connector, endPoint);
  }

  /** Whether a connection begins with the preface (RFC 9113 §3.4). */
  @Override
  public Detection detect(ByteBuffer buffer) {
    int length = Math.min(buffer.remaining(), PREFACE.length);
    for (int i = 0; i < length; i++) {
      if (buffer.get(buffer.position() + i) != PREFACE[i]) {
        return Detection.NOT_RECOGNIZED;
      }
    }
    return length == PREFACE.length ? Detection.RECOGNIZED : Detection.NEED_MORE_BYTES;
  }

  private SessionContainer sessions() {
    return getBean(SessionContainer.class);
  }

  /** Tells all clients to take new requests elsewhere; running ones go on (RFC 9113 §6.8). */
  void goAway() {
    sessions().shutdown();
  }

  /** Lets a request pass whose head is whole. */
  private final class Requests extends HTTPServerSessionListener {
    private final EndPoint endPoint;
    private final RateControl rateControl;

    Requests(EndPoint endPoint, RateControl rateControl) {
      super(endPoint);
      this.endPoint = endPoint;
      this.rateControl = rateControl;
    }

    @Override
    public Stream.Listener onNewStream(Stream stream, HeadersFrame frame) {
      MetaData.Request head =
          frame.getMetaData() instanceof MetaData.Request request
              ? Http2Head.read(request, frame.isEndStream())
              : null;
      if (head == null) {
        refuse(stream, frame);
        return Stream.Listener.AUTO_DISCARD;
      }
      return super.onNewStream(
          stream,
          new HeadersFrame(frame.getStreamId(), head, frame.getPriority(), frame.isEndStream()));
    }

    private void refuse(Stream stream, HeadersFrame frame) {
      refused.leave(
          frame.getMetaData() instanceof MetaData.Request request ? request : null, endPoint);
      stream.reset(
          new ResetFrame(frame.getStreamId(), ErrorCode.PROTOCOL_ERROR.code), Callback.NOOP);
      if (!rateControl.onEvent(frame)) {
        Session session = stream.getSession();
        session.close(ErrorCode.ENHANCE_YOUR_CALM_ERROR.code, "malformed_requests", Callback.NOOP);
      }
    }
  }
}
