/**
 * What goes into the paper's tables and how it is summed up: numbers of the paper, {@link
 * org.fasthebb.tools.tables.Table1} (training times) and {@link org.fasthebb.tools.tables.Table2}
 * (accuracy by number of labels), their statistics, and how they are written.
 */
package org.fasthebb.tools.tables;
