package dev.gatehouse.proxy;

import org.eclipse.jetty.io.EndPoint;

/** The socket under what wraps it: TLS, the address of a PROXY header. */
final class BareEndPoint {
  private BareEndPoint() {}

  /** {@code endPoint} itself where nothing wraps it. */
  static EndPoint of(EndPoint endPoint) {
    EndPoint bare = endPoint;
    while (bare instanceof EndPoint.Wrapper wrapper) {
      bare = wrapper.unwrap();
    }
    return bare;
  }
}
