package dev.gatehouse.backchannel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.seal.Secret;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a POST to the OP, {@code application/x-www-form-urlencoded} (RFC 6749 appendix
 * B), with the Authorization field that may go with it. Immutable.
 */
public final class OpForm {
  private record Parameter(String name, Secret value) {}

  private final List<Parameter> parameters;
  private final Optional<Secret> authorization;
  private final Optional<Secret> dpopProof;

  private OpForm(
      List<Parameter> parameters, Optional<Secret> authorization, Optional<Secret> dpopProof) {
    this.parameters = List.copyOf(parameters);
    this.authorization = authorization;
    this.dpopProof = dpopProof;
  }

  /** A form without parameters. */
  public static OpForm empty() {
    return new OpForm(List.of(), Optional.empty(), Optional.empty());
  }

  /** This form with one parameter more. */
  public OpForm with(String name, String value) {
    return with(name, Secret.of(value));
  }

  /** This form with one parameter more, whose value is a secret. */
  public OpForm with(String name, Secret value) {
    List<Parameter> more = new ArrayList<>(parameters);
    more.add(new Parameter(name, value));
    return new OpForm(more, authorization, dpopProof);
  }

  /** The values of those parameters that are here, for blotting them out of what the OP echoes. */
  public List<Secret> values(Set<String> names) {
    return parameters.stream()
        .filter(parameter -> names.contains(parameter.name()))
        .map(Parameter::value)
        .toList();
  }

  /** Whether there is a parameter of that name. */
  public boolean has(String name) {
    return parameters.stream().anyMatch(parameter -> parameter.name().equals(name));
  }

  /** This form sent with {@code credentials} in the Authorization field. */
  public OpForm authorizedBy(Secret credentials) {
    return new OpForm(parameters, Optional.of(credentials), dpopProof);
  }

  /** This form sent with that proof of possession (RFC 9449 §4.1). */
  public OpForm provenBy(Secret proof) {
    return new OpForm(parameters, authorization, Optional.of(proof));
  }

  Optional<Secret> authorization() {
    return authorization;
  }

  Optional<Secret> dpopProof() {
    return dpopProof;
  }

  /** The encoded body: {@code +}, {@code /} and {@code =} of opaque tokens arrive intact. */
  byte[] body() {
    StringBuilder body = new StringBuilder();
    for (Parameter parameter : parameters) {
      body.append(body.isEmpty() ? "" : "&")
          .append(encode(parameter.name()))
          .append('=')
          .append(encode(parameter.value().reveal()));
    }
    return body.toString().getBytes(UTF_8);
  }

  static String encode(String value) {
    return URLEncoder.encode(value, UTF_8);
  }

  @Override
  public String toString() {
    return "OpForm" + parameters.stream().map(Parameter::name).toList();
  }
}
