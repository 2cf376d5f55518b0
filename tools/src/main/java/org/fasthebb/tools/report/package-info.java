/**
 * Results as text, JSON and web pages. Start with {@link org.fasthebb.tools.report.Findings}, the
 * results of a training command.
 *
 * <p>{@link org.fasthebb.tools.report.Summary} prints them for people, {@link
 * org.fasthebb.tools.report.Results} is their JSON, and {@link org.fasthebb.tools.report.Report} is
 * one web page. {@link org.fasthebb.tools.report.TablesPage} is the page of the paper's tables.
 * Both pages are written by {@link org.fasthebb.tools.report.Html}, with charts drawn by {@code
 * Chart}.
 */
package org.fasthebb.tools.report;
