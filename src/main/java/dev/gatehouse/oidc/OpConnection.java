package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.AddressRule;
import dev.gatehouse.backchannel.ClientCredentials;
import dev.gatehouse.backchannel.ClientKeys;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpCallMeter;
import dev.gatehouse.backchannel.OpClient;
import dev.gatehouse.config.GatehouseConfig.Backchannel;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.SenderConstraint;
import dev.gatehouse.jose.PinnedKeys;
import dev.gatehouse.jose.TokenDecrypter;
import dev.gatehouse.keys.OwnKey;
import dev.gatehouse.seal.RandomTokens;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What all dealings with one OP share: the HTTP client, the metadata, the pinned keys and our
 * credentials. Safe for concurrent use.
 */
public final class OpConnection implements AutoCloseable {
  private final String issuer;
  private final ClientKeys clientKeys;
  private final Optional<DpopProofs> dpop;
  private final ClientCredentials credentials;
  private final OpClient client;
  private final Discovery discovery;
  private final boolean strict;
  private final PinnedKeys keys;
  private final Clock clock;
  private final Duration deadline;
  private final OpRefresh background;

  private OpConnection(
      Provider provider,
      Backchannel backchannel,
      boolean insecureAllowHttp,
      boolean strict,
      Clock clock,
      RandomTokens random,
      OpCallMeter meter) {
    this.issuer = provider.issuer();
    this.clientKeys = ClientKeys.open(provider);
    this.dpop =
        provider.tokens().senderConstraint() == SenderConstraint.DPOP
            ? Optional.of(DpopProofs.open(provider.tokens().dpopKey(), random, clock))
            : Optional.empty();
    this.clock = clock;
    this.strict = strict;
    this.deadline = backchannel.deadline();
    String host = URI.create(issuer).getHost();
    AddressRule addresses = new AddressRule(host, backchannel.allowPrivateAddresses());
    this.client =
        new OpClient(backchannel, addresses, insecureAllowHttp, clientKeys::certificate, meter);
    this.discovery =
        new Discovery(
            provider,
            client,
            new MetadataRules(
                issuer,
                addresses,
                insecureAllowHttp,
                provider.quirks().withoutPkce(),
                MutualTlsEndpoints.of(provider),
                Optional.of(new DemandedMetadata(provider, dpop.map(DpopProofs::algorithm)))),
            new OfferedAuthentication(provider.proof().method(), this::assertionAlgorithm),
            strict,
            clock);
    this.keys =
        new PinnedKeys(
            client, () -> discovery.metadata().flatMap(ProviderMetadata::jwksUri), clock);
    this.credentials =
        ClientCredentials.of(
            provider,
            clientKeys,
            () -> discovery.metadata().map(ProviderMetadata::tokenEndpoint),
            random,
            clock);
    this.background = new OpRefresh(discovery, keys, this::deadline);
  }

  /**
   * Opens the connection; the first reading is under way when it returns.
   *
   * @param insecureAllowHttp whether an OP on loopback may do without TLS; development only
   * @throws IllegalArgumentException when the CA bundle or a key of this client cannot be read
   */
  public static OpConnection open(
      Provider provider,
      Backchannel backchannel,
      boolean insecureAllowHttp,
      Clock clock,
      RandomTokens random) {
    return open(provider, backchannel, insecureAllowHttp, false, clock, random, OpCallMeter.NONE);
  }

  /**
   * As the other one.
   *
   * @param strict whether an OP with a known weakness is refused (TH-CFG-13)
   * @param meter is told of each call
   */
  public static OpConnection open(
      Provider provider,
      Backchannel backchannel,
      boolean insecureAllowHttp,
      boolean strict,
      Clock clock,
      RandomTokens random,
      OpCallMeter meter) {
    OpConnection connection =
        new OpConnection(provider, backchannel, insecureAllowHttp, strict, clock, random, meter);
    connection.background.start();
    return connection;
  }

  private Optional<String> assertionAlgorithm() {
    return credentials.assertionAlgorithm();
  }

  /** The configured issuer identifier. */
  public String issuer() {
    return issuer;
  }

  /** How we prove ourselves to the OP. */
  public ClientCredentials credentials() {
    return credentials;
  }

  /** Our own keys: those that sign requests, those that decrypt answers, the certificate. */
  public ClientKeys clientKeys() {
    return clientKeys;
  }

  /** Proves that tokens are ours, where they are bound to a key. */
  Optional<DpopProofs> dpop() {
    return dpop;
  }

  /** Opens what the OP encrypted for us, by the keys as they are now. */
  public TokenDecrypter encryption(boolean required) {
    return new TokenDecrypter(
        () ->
            clientKeys
                .decryption()
                .map(set -> set.keys().stream().map(OwnKey::reveal).toList())
                .orElse(List.of()),
        required);
  }

  /** The HTTP client; bound to this OP's host. */
  public OpClient client() {
    return client;
  }

  /** The OP's metadata. */
  public Discovery discovery() {
    return discovery;
  }

  /** Whether an OP with a known weakness is refused. */
  boolean strict() {
    return strict;
  }

  /** The OP's signing keys. */
  public PinnedKeys keys() {
    return keys;
  }

  /** The clock by which tokens are judged. */
  public Clock clock() {
    return clock;
  }

  /** A fresh deadline for one answer to a client request, whatever number of calls it takes. */
  public Deadline deadline() {
    return Deadline.after(deadline);
  }

  /** Ends the background work and closes all connections. */
  @Override
  public void close() {
    background.close();
    clientKeys.close();
    client.close();
    background.awaitEnd();
  }
}
