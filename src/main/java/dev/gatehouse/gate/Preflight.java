package dev.gatehouse.gate;

import java.util.List;

/** Tells a CORS preflight from everything else (Fetch §4.8, TH-BEAR-22). */
final class Preflight {
  private static final int MAX_METHOD = 32;

  private Preflight() {}

  /**
   * Whether the head of {@code request} is that of one: OPTIONS with one Origin and one
   * Access-Control-Request-Method. It is one if it has no body either. Credentials do not keep it
   * from being one; they are of no use to it. What asks its app for another method is none: the app
   * might take it for that method, and nobody is known yet.
   */
  static boolean isAsked(ClientRequest request) {
    return request.method().equals("OPTIONS")
        && request.headers("Origin").size() == 1
        && askedMethod(request) != null
        && MethodOverride.in(request.rawQuery()).isEmpty();
  }

  /** The method that it asks about; null where that is none, or more than one. */
  static String askedMethod(ClientRequest request) {
    List<String> methods = request.headers("Access-Control-Request-Method");
    return methods.size() == 1 && isToken(methods.get(0)) ? methods.get(0) : null;
  }

  private static boolean isToken(String method) {
    boolean token = !method.isEmpty() && method.length() <= MAX_METHOD;
    for (int i = 0; i < method.length() && token; i++) {
      char c = method.charAt(i);
      token = c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }
    return token;
  }
}
