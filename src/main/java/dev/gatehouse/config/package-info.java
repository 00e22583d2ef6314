/** Reads the configuration file, checks all of it, and says what is wrong in words that mend it. */
package dev.gatehouse.config;
