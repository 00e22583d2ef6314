/** The gateway's own pages: texts, templates, languages. */
package dev.gatehouse.page;
