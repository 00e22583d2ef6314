package dev.gatehouse.gate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request made of plain values: a navigation of a browser unless told otherwise. */
record FakeRequest(
    String method,
    String rawPath,
    String rawQuery,
    String authority,
    String peerAddress,
    Map<String, List<String>> fields)
    implements ClientRequest {

  static FakeRequest get(String path) {
    return new FakeRequest("GET", path, null, "app.example", "203.0.113.7", Map.of());
  }

  FakeRequest method(String other) {
    return new FakeRequest(other, rawPath, rawQuery, authority, peerAddress, fields);
  }

  FakeRequest peer(String other) {
    return new FakeRequest(method, rawPath, rawQuery, authority, other, fields);
  }

  FakeRequest authority(String other) {
    return new FakeRequest(method, rawPath, rawQuery, other, peerAddress, fields);
  }

  FakeRequest with(String name, String... values) {
    Map<String, List<String>> more = new LinkedHashMap<>(fields);
    more.put(name.toLowerCase(Locale.ROOT), List.of(values));
    return new FakeRequest(method, rawPath, rawQuery, authority, peerAddress, more);
  }

  @Override
  public boolean secure() {
    return false;
  }

  @Override
  public String header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public List<String> headers(String name) {
    return fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  @Override
  public Optional<String> mappedPath() {
    return Optional.empty();
  }
}
