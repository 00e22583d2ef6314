package dev.gatehouse.proxy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.util.BufferUtil;

/** What a parser makes of the bytes of a connection, so that two of them can be compared. */
final class ParsedRequests implements HttpParser.RequestHandler {
  private final List<String> seen = new ArrayList<>();
  private final Map<String, List<String>> fields = new TreeMap<>();
  private boolean bad;

  private ParsedRequests() {}

  /**
   * Everything that is told of {@code bytes}, which come in such pieces. Fields are sorted by name,
   * since it does not matter which of two names comes first (RFC 9110 §5.3), and those of a head
   * that is refused are left out.
   */
  static List<String> of(
      Function<HttpParser.RequestHandler, HttpParser> maker, byte[] bytes, int... pieceEnds) {
    ParsedRequests requests = new ParsedRequests();
    HttpParser parser = maker.apply(requests);
    int from = 0;
    for (int end : pieceEnds) {
      requests.take(parser, bytes, from, end);
      from = end;
    }
    requests.take(parser, bytes, from, bytes.length);
    return requests.seen;
  }

  private void take(HttpParser parser, byte[] bytes, int from, int to) {
    // Direct, and with something before and behind, as those of connections.
    ByteBuffer buffer = ByteBuffer.allocateDirect(to - from + 9);
    buffer.put(3, bytes, from, to - from);
    buffer.position(3).limit(to - from + 3);
    int before = -1;
    while (!bad && buffer.remaining() != before) {
      before = buffer.remaining();
      while (parser.parseNext(buffer)) {
        // goes on
      }
      if (parser.isState(HttpParser.State.END)) {
        parser.reset();
        before = -1;
        if (!buffer.hasRemaining()) {
          return;
        }
      }
    }
  }

  @Override
  public void startRequest(String method, String uri, HttpVersion version) {
    seen.add(method + " " + uri + " " + version);
  }

  @Override
  public void parsedHeader(HttpField field) {
    fields
        .computeIfAbsent(field.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
        .add(field.getHeader() + ":" + field.getValue());
  }

  @Override
  public boolean headerComplete() {
    seen.add(fields.toString());
    fields.clear();
    return true;
  }

  @Override
  public boolean content(ByteBuffer piece) {
    // A body may be told of in as many pieces as it came.
    String text = BufferUtil.toString(piece);
    BufferUtil.clear(piece);
    int last = seen.size() - 1;
    if (seen.get(last).startsWith("body ")) {
      seen.set(last, seen.get(last) + text);
    } else {
      seen.add("body " + text);
    }
    return false;
  }

  @Override
  public boolean contentComplete() {
    return false;
  }

  @Override
  public void parsedTrailer(HttpField field) {
    seen.add("trailer " + field);
  }

  @Override
  public boolean messageComplete() {
    seen.add("complete");
    return false;
  }

  @Override
  public void badMessage(HttpException failure) {
    bad = true;
    seen.add("bad " + failure.getCode());
  }

  @Override
  public void earlyEOF() {
    bad = true;
    seen.add("bad body");
  }
}
