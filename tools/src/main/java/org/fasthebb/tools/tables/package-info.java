/**
 * The paper's tables: {@link org.fasthebb.tools.tables.Table1} (training times) and {@link
 * org.fasthebb.tools.tables.Table2} (accuracy by number of labels), with their statistics, their
 * text forms and the paper's own numbers. Start with {@code Table2}, which is made from {@link
 * org.fasthebb.tools.tables.Cell}s.
 */
package org.fasthebb.tools.tables;
