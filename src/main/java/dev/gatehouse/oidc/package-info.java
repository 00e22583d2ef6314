/** Runs the OpenID Connect code flow: discovery, authentication request, code exchange, logout. */
package dev.gatehouse.oidc;
