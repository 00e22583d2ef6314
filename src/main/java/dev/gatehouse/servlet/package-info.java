/** The filter door: translates servlet requests for the gate; alone imports jakarta.servlet. */
package dev.gatehouse.servlet;
