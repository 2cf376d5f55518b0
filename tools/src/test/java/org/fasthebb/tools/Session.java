package org.fasthebb.tools;

/** Command lines, one after the other in one process, up to the first that fails. */
final class Session {
  private Session() {}

  /** Runs the command lines, whose words are separated by spaces. */
  public static void main(String[] commandLines) {
    for (String line : commandLines) {
      int code = Main.execute(Main.commandLine(), line.split(" "));
      if (code != 0) {
        System.err.println("the command that failed: " + line);
        System.exit(code);
      }
    }
  }
}
