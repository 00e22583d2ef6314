package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ClaimMapTest {
  private static final Map<String, Object> CLAIMS =
      Map.of("sub", "alice", "groups", List.of("users"), "email_verified", true, "age", 42);

  private final Recurring<List<String>> shapes = new Recurring<>();

  @Test
  void itIsEqualToWhatItWasMadeOf() {
    Map<String, Object> claims = ClaimMap.of(CLAIMS, shapes);

    assertThat(claims).isEqualTo(CLAIMS).hasSize(4);
    assertThat(claims.hashCode()).isEqualTo(CLAIMS.hashCode());
    assertThat(claims.keySet()).isEqualTo(CLAIMS.keySet());
    assertThat(claims.get("sub")).isEqualTo("alice");
    assertThat(claims.get("name")).isNull();
    assertThat(claims).doesNotContainKey("name").containsKey("age");
  }

  @Test
  void itCannotBeChanged() {
    Map<String, Object> origin = new HashMap<>(CLAIMS);
    Map<String, Object> claims = ClaimMap.of(origin, shapes);
    origin.put("sub", "mallory");

    assertThat(claims).containsEntry("sub", "alice");
    assertThatThrownBy(() -> claims.put("sub", "mallory"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> claims.entrySet().iterator().next().setValue("mallory"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(claims::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void usersWithCommonValuesShareThem() {
    IdentityMapper mapper =
        new IdentityMapper(Map.of("X-Groups", "groups"), Set.of(), "groups", Set.of("locale"));

    Identity alice = user(mapper, "alice");
    Identity bob = user(mapper, "bob");

    assertThat(alice.claims().get("groups"))
        .isEqualTo(List.of("users", "staff"))
        .isSameAs(bob.claims().get("groups"));
    assertThat(alice.claims().get("locale"))
        .isEqualTo("en-GB")
        .isSameAs(bob.claims().get("locale"));
    assertThat(alice.roles()).isSameAs(bob.roles());
    assertThat(alice.headers().get(0)).isSameAs(bob.headers().get(0));
    assertThat(alice.userName()).isSameAs(alice.subject()).isNotEqualTo(bob.userName());
  }

  private static Identity user(IdentityMapper mapper, String name) {
    Map<String, Object> claims =
        Map.of(
            "groups",
            List.of(new String("users"), new String("staff")),
            "locale",
            new String("en-GB"));
    return ((IdentityMapper.Mapping.Mapped) mapper.map("https://op.example", name, claims))
        .identity();
  }
}
