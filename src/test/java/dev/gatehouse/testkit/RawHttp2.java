package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;

/** A client of HTTP/2 that writes any frame, with any bytes as names and values in it. */
public final class RawHttp2 implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  // The types of frames (RFC 9113 §6).
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  // And their flags.
  public static final int END_STREAM = 1;
  public static final int ACK = 1;
  public static final int END_HEADERS = 4;
  public static final int PADDED = 8;

  /** How a connection begins (RFC 9113 §3.4). */
  public static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);

  /** How long a frame, and how wide a window, is where nobody says otherwise (§6.5.2). */
  private static final int FRAME = 16 * 1024;

  private static final int WINDOW = 65_535;
  private static final int WIDE = 1 << 24;
  private static final int INITIAL_WINDOW_SIZE = 4;

  private static final Map<String, Integer> STATIC_TABLE =
      Map.of(":authority", 1, ":method", 2, ":path", 4, ":scheme", 6);

  private final Socket socket;
  private final DataInputStream in;
  private final HpackDecoder decoder = new HpackDecoder(1 << 20, System::nanoTime);
  private final Map<Integer, Stream> streams = new HashMap<>();
  private final List<Frame> frames = new ArrayList<>();
  private Integer goAway;
  private int lastStream = -1;
  private int streamWindow = WINDOW;
  private boolean closed;

  /** What came from the gateway (RFC 9113 §4.1). */
  public record Frame(int type, int flags, int stream, byte[] payload) {
    /** Whether that flag is set. */
    public boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  /** What has come on a stream. */
  public static final class Stream {
    /** Those of interim answers too. */
    public final List<Integer> statuses = new ArrayList<>();

    public final ByteArrayOutputStream body = new ByteArrayOutputStream();
    public HttpFields fields = HttpFields.EMPTY;
    public HttpFields trailers = HttpFields.EMPTY;

    /** The error code with which the gateway reset it; null where it did not. */
    public Integer reset;

    public boolean ended;

    /** The last status; 0 for none. */
    public int status() {
      return statuses.isEmpty() ? 0 : statuses.get(statuses.size() - 1);
    }

    /** The body so far. */
    public String text() {
      return body.toString(UTF_8);
    }

    @Override
    public String toString() {
      return statuses + (ended ? " ended" : "") + (reset == null ? "" : " reset " + reset);
    }
  }

  /** Takes over a connection on which nothing has been said. */
  public RawHttp2(Socket socket) {
    try {
      this.socket = socket;
      this.in = new DataInputStream(socket.getInputStream());
      decoder.setMaxTableCapacity(4096);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects and sends the preface. */
  public static RawHttp2 open(int port) {
    RawHttp2 client = connect(port, "127.0.0.1");
    client.begin();
    return client;
  }

  /** Connects from a loopback address and says nothing yet. */
  public static RawHttp2 connect(int port, String source) {
    try {
      return new RawHttp2(Wire.connect(port, source, TIMEOUT_MILLIS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends the preface and settings. */
  public void begin(int... settings) {
    bytes(PREFACE);
    settings(settings);
  }

  /** The same, with room for every answer. */
  void beginWide() {
    begin(INITIAL_WINDOW_SIZE, WIDE);
    windowUpdate(0, WIDE);
  }

  /** Sends settings, identifiers and values by turns (RFC 9113 §6.5). */
  public void settings(int... pairs) {
    ByteBuffer payload = ByteBuffer.allocate(pairs.length / 2 * 6);
    for (int i = 0; i < pairs.length; i += 2) {
      payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
    }
    frame(SETTINGS, 0, 0, payload.array());
  }

  /** Sends bytes that need not be a frame. */
  public void bytes(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (SocketException e) {
      closed = true; // the gateway has ended the connection
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A frame as it is sent. */
  public static byte[] bytesOf(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** Sends a frame. */
  public void frame(int type, int flags, int stream, byte[] payload) {
    bytes(bytesOf(type, flags, stream, payload));
  }

  /** Sends text as a part of a body. */
  public void data(int stream, boolean last, String text) {
    frame(DATA, last ? END_STREAM : 0, stream, text.getBytes(UTF_8));
  }

  /**
   * Sends a body in DATA of at most {@code size} bytes, as fast as the gateway has room for it, and
   * stops where it wants no more of it.
   */
  public void data(int stream, boolean last, byte[] body, int size) {
    int at = 0;
    do {
      int length = Math.min(Math.min(size, body.length - at), room(stream, at));
      if (length > 0 || body.length == 0) {
        byte[] part = Arrays.copyOfRange(body, at, at + length);
        at += length;
        frame(DATA, last && at == body.length ? END_STREAM : 0, stream, part);
      } else if (next() == null || stream(stream).reset != null) {
        return;
      }
    } while (at < body.length);
  }

  /** What may be sent on a stream, on which alone {@code sent} bytes were (RFC 9113 §6.9). */
  private int room(int stream, int sent) {
    long ofStream = streamWindow - sent;
    long ofConnection = WINDOW - sent;
    for (Frame frame : frames) {
      if (frame.type == WINDOW_UPDATE) {
        int more = ByteBuffer.wrap(frame.payload).getInt();
        ofStream += frame.stream == stream ? more : 0;
        ofConnection += frame.stream == 0 ? more : 0;
      }
    }
    return (int) Math.max(0, Math.min(ofStream, ofConnection));
  }

  /** Names and values by turns. */
  public void headers(int stream, boolean last, String... fields) {
    byte[] block = block(fields);
    int type = HEADERS;
    int flags = last ? END_STREAM : 0;
    int at = 0;
    for (; block.length - at > FRAME; at += FRAME) {
      frame(type, flags, stream, Arrays.copyOfRange(block, at, at + FRAME));
      type = CONTINUATION;
      flags = 0;
    }
    frame(type, flags | END_HEADERS, stream, Arrays.copyOfRange(block, at, block.length));
  }

  /** A request without a body, and further fields. */
  public void get(int stream, String path, String... more) {
    headers(stream, true, head("GET", path, more));
  }

  /** The pseudo fields of a request, and further fields. */
  public static String[] head(String method, String path, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                ":method", method, ":scheme", "http", ":path", path, ":authority", "app.example"));
    all.addAll(Arrays.asList(more));
    return all.toArray(new String[0]);
  }

  /** Literals without indexing and without Huffman coding (RFC 7541 §6.2.2). */
  public static byte[] block(String... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      out.write(0);
      literal(out, fields[i]);
      literal(out, fields[i + 1]);
    }
    return out.toByteArray();
  }

  /**
   * The same, with the names of pseudo fields from the static table (RFC 7541 Appendix A), without
   * which Tomcat takes none.
   */
  public static byte[] indexedBlock(String... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      int index = STATIC_TABLE.getOrDefault(fields[i], 0);
      out.write(index);
      if (index == 0) {
        literal(out, fields[i]);
      }
      literal(out, fields[i + 1]);
    }
    return out.toByteArray();
  }

  private static void literal(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    int length = bytes.length;
    if (length < 127) {
      out.write(length);
    } else {
      out.write(127);
      for (length -= 127; length >= 128; length >>>= 7) {
        out.write(length & 0x7f | 0x80);
      }
      out.write(length);
    }
    out.writeBytes(bytes);
  }

  /** Gives a stream, or with 0 the connection, more room for answers. */
  public void windowUpdate(int stream, int bytes) {
    frame(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
  }

  /** Reads until the stream has ended, was reset, or the connection has ended. */
  public Stream await(int stream) {
    Stream seen = stream(stream);
    while (!seen.ended && seen.reset == null && next() != null) {
      seen = stream(stream);
    }
    return seen;
  }

  /** Reads until the stream has an answer of that status. */
  public Stream awaitStatus(int stream, int status) {
    Stream seen = stream(stream);
    while (!seen.statuses.contains(status) && !seen.ended && seen.reset == null && next() != null) {
      seen = stream(stream);
    }
    return seen;
  }

  /** What has come on that stream so far. */
  public Stream stream(int id) {
    return streams.computeIfAbsent(id, unknown -> new Stream());
  }

  /** Reads until a frame of that type comes; null where the connection ends before. */
  public Frame awaitFrame(int type) {
    for (Frame frame = next(); frame != null; frame = next()) {
      if (frame.type == type) {
        return frame;
      }
    }
    return null;
  }

  /** Reads until the gateway ends the connection, which it must. */
  public RawHttp2 awaitEnd() {
    while (next() != null) {
      // looks at each frame
    }
    return this;
  }

  /** The error code with which the gateway ended the connection; null where it did not. */
  public Integer goAway() {
    return goAway;
  }

  /** The last stream that the gateway says it serves. */
  public int lastStream() {
    return lastStream;
  }

  /** All that have come. */
  public List<Frame> frames() {
    return frames;
  }

  /** The next frame; null at the end. */
  public Frame next() {
    if (closed && in == null) {
      return null;
    }
    try {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt() & 0x7fffffff;
      byte[] payload = in.readNBytes(length);
      Frame frame = new Frame(type, flags, stream, payload);
      frames.add(frame);
      take(frame);
      return frame;
    } catch (EOFException | SocketException e) {
      closed = true;
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(Frame frame) {
    Stream stream = stream(frame.stream);
    switch (frame.type) {
      case HEADERS -> {
        head(stream, frame.payload);
        stream.ended |= frame.has(END_STREAM);
      }
      case DATA -> {
        stream.body.writeBytes(frame.payload);
        stream.ended |= frame.has(END_STREAM);
      }
      case RST_STREAM -> stream.reset = ByteBuffer.wrap(frame.payload).getInt();
      case SETTINGS -> {
        if (!frame.has(ACK)) {
          read(ByteBuffer.wrap(frame.payload));
          frame(SETTINGS, ACK, 0, new byte[0]);
        }
      }
      case GOAWAY -> {
        ByteBuffer payload = ByteBuffer.wrap(frame.payload);
        lastStream = payload.getInt();
        goAway = payload.getInt();
      }
      default -> {
        // no meaning here
      }
    }
  }

  private void read(ByteBuffer settings) {
    while (settings.hasRemaining()) {
      int setting = settings.getShort();
      int value = settings.getInt();
      streamWindow = setting == INITIAL_WINDOW_SIZE ? value : streamWindow;
    }
  }

  private void head(Stream stream, byte[] block) {
    try {
      MetaData head = decoder.decode(ByteBuffer.wrap(block));
      if (head instanceof MetaData.Response response) {
        stream.statuses.add(response.getStatus());
        stream.fields = response.getHttpFields();
      } else {
        stream.trailers = head.getHttpFields();
      }
    } catch (HpackException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends the connection without a word. */
  public void vanish() {
    close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
