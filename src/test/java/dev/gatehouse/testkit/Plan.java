package dev.gatehouse.testkit;

import java.util.LinkedHashMap;
import java.util.Map;

/** How one login goes at {@link StubOp}: well, as Alice, unless told otherwise. */
public final class Plan {
  /** The lifetime of a token that comes without a refresh token: longer than any test's session. */
  static final long NEVER_REFRESHED = 100_000;

  private final Map<String, Object> user = new LinkedHashMap<>(StubOp.ALICE);
  private final Map<String, String> answer = new LinkedHashMap<>();
  private final Map<String, String> outside = new LinkedHashMap<>();
  private TokenRecipe response = TokenRecipe.correct();
  private boolean byQuery;
  private String fragment = "";
  private TokenRecipe idToken = TokenRecipe.correct();
  private Fault token = Fault.none();
  private Fault userinfo = Fault.none();
  private Fault refresh = Fault.none();
  private TokenRecipe refreshedIdToken = TokenRecipe.correct();
  private long tokenSeconds = NEVER_REFRESHED;

  /** Alice logs in. */
  public static Plan honest() {
    return new Plan();
  }

  /** Another user logs in, such as {@link StubOp#BOB}. */
  public Plan user(Map<String, Object> claims) {
    user.clear();
    user.putAll(claims);
    return this;
  }

  /** Sets a claim of the user; null leaves it out. */
  public Plan claim(String name, Object value) {
    if (value == null) {
      user.remove(name);
    } else {
      user.put(name, value);
    }
    return this;
  }

  /**
   * Sets a parameter of the authentication response, such as {@code error}, {@code code} or {@code
   * iss}; null leaves it out. An {@code error} replaces the code.
   */
  public Plan answer(String name, String value) {
    answer.put(name, value);
    return this;
  }

  /** What the OP puts behind the redirect URI, such as the {@code #_=_} of one that is known. */
  public Plan fragment(String text) {
    fragment = "#" + text;
    return this;
  }

  /** How the ID token is made. */
  public Plan idToken(TokenRecipe recipe) {
    idToken = recipe;
    return this;
  }

  /** How the token endpoint answers. */
  public Plan token(Fault fault) {
    token = fault;
    return this;
  }

  /** How the userinfo endpoint answers. */
  public Plan userinfo(Fault fault) {
    userinfo = fault;
    return this;
  }

  /** The access token lives that long, and a refresh token comes with it. */
  public Plan refreshable(long seconds) {
    tokenSeconds = seconds;
    return this;
  }

  /** How the token endpoint answers a refresh. */
  public Plan refresh(Fault fault) {
    refresh = fault;
    return this;
  }

  /** How the ID token of a refresh is made. */
  public Plan refreshedIdToken(TokenRecipe recipe) {
    refreshedIdToken = recipe;
    return this;
  }

  /** How the response is signed where the request asks for a JWT (JARM). */
  public Plan response(TokenRecipe recipe) {
    response = recipe;
    return this;
  }

  /** A parameter of the response beside the JWT. */
  public Plan outside(String name, String value) {
    outside.put(name, value);
    return this;
  }

  /** The OP answers by a plain query, whatever it was asked for. */
  public Plan answeringByQuery() {
    byQuery = true;
    return this;
  }

  TokenRecipe response() {
    return response;
  }

  Map<String, String> outside() {
    return outside;
  }

  boolean byQuery() {
    return byQuery;
  }

  Fault refresh() {
    return refresh;
  }

  TokenRecipe refreshedIdToken() {
    return refreshedIdToken;
  }

  long tokenSeconds() {
    return tokenSeconds;
  }

  Map<String, Object> user() {
    return user;
  }

  Map<String, String> answer() {
    return answer;
  }

  String fragment() {
    return fragment;
  }

  TokenRecipe idToken() {
    return idToken;
  }

  Fault token() {
    return token;
  }

  Fault userinfo() {
    return userinfo;
  }
}
