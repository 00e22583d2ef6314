/** How values are made unguessable and unforgeable: randomness, sealed cookies, secrets. */
package dev.gatehouse.seal;
