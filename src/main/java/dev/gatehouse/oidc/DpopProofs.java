package dev.gatehouse.oidc;

import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.backchannel.OpReply;
import dev.gatehouse.config.Provider.KeyFile;
import dev.gatehouse.keys.JwtSigner;
import dev.gatehouse.keys.KeyRefusal;
import dev.gatehouse.keys.OwnKey;
import dev.gatehouse.keys.Watched;
import dev.gatehouse.seal.Digests;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Proves that this client holds the key which its tokens are bound to (RFC 9449 §4). Safe for
 * concurrent use.
 *
 * <p>There is one key for an OP, and it stays on this side: a session that is sealed into a cookie
 * holds tokens, but nothing that makes them useful. Logins that change nodes under way, and refresh
 * tokens that an OP binds to the key (§5), need the same key on every node.
 */
final class DpopProofs {
  private static final int MAX_SERVERS = 16;

  private final OwnKey key;
  private final RandomTokens random;
  private final Clock clock;
  private final Map<String, Secret> nonces = new ConcurrentHashMap<>();

  DpopProofs(OwnKey key, RandomTokens random, Clock clock) {
    this.key = key;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Proves by the key in {@code file}; without one, by a key that nobody else ever has.
   *
   * @throws IllegalArgumentException when the file cannot be used; the reader of the configuration
   *     has said so before, unless the file has changed since
   */
  static DpopProofs open(Optional<KeyFile> file, RandomTokens random, Clock clock) {
    if (file.isEmpty()) {
      return new DpopProofs(OwnKey.fresh(), random, clock);
    }
    try {
      KeyFile key = file.get();
      return new DpopProofs(key.signing(Watched.contents(key.file())).first(), random, clock);
    } catch (KeyRefusal refusal) {
      throw new IllegalArgumentException("dpop-key names a file that " + refusal.getMessage());
    }
  }

  /** The JWS algorithm of the proofs. */
  String algorithm() {
    return key.algorithm().orElseThrow();
  }

  /** The {@code dpop_jkt} that binds a code to the key (§10). */
  String thumbprint() {
    return key.thumbprint();
  }

  /**
   * A proof for one request.
   *
   * @param nonce the OP's, which it holds
   */
  record Proof(Secret jwt, Optional<Secret> nonce) {}

  /**
   * A proof for one request, never used twice.
   *
   * @param accessToken the one that is sent with the request, if any (§7)
   */
  Proof proof(String method, URI uri, Optional<Secret> accessToken) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("jti", random.next());
    claims.put("htm", method);
    claims.put("htu", withoutQuery(uri));
    claims.put("iat", clock.instant().getEpochSecond());
    accessToken.ifPresent(token -> claims.put("ath", hash(token)));
    Optional<Secret> nonce = Optional.ofNullable(nonces.get(server(uri)));
    nonce.ifPresent(known -> claims.put("nonce", known.reveal()));
    return new Proof(JwtSigner.signAsHolder(key, "dpop+jwt", claims), nonce);
  }

  /**
   * Keeps the nonce that came with {@code reply}, for the next proof to the same server (§8.2).
   *
   * @return whether it is another than that of {@code sent}, so that a new proof may do where that
   *     one was refused
   */
  boolean learn(URI uri, Proof sent, OpReply reply) {
    if (!(reply instanceof OpReply.Answered answered) || answered.dpopNonce().isEmpty()) {
      return false;
    }
    if (nonces.size() >= MAX_SERVERS && !nonces.containsKey(server(uri))) {
      nonces.clear();
    }
    nonces.put(server(uri), answered.dpopNonce().get());
    return !answered.dpopNonce().equals(sent.nonce());
  }

  private static String server(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  // §4.2: htu has neither query nor fragment.
  private static String withoutQuery(URI uri) {
    String path = uri.getRawPath();
    return server(uri) + (path.isEmpty() ? "/" : path);
  }

  private static String hash(Secret token) {
    return Base64URL.encode(Digests.sha256(token.reveal())).toString();
  }
}
