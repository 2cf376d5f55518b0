/** Search for hyper-parameters. */
package org.fasthebb.tools.search;
