/**
 * The modules of the OpenID Foundation's conformance plans for relying parties, played by our own
 * OP: each test bears the name of its module.
 */
package dev.gatehouse.conformance;
