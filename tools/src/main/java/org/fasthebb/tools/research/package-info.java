/** The commands that pass results on, and take those of others: export, readout, runs, compare. */
package org.fasthebb.tools.research;
