package org.fasthebb.tools.photos;

import java.nio.file.Path;
import java.util.Locale;
import org.fasthebb.tools.console.Text;

/** Forms of files of features, told by the end of the name. */
enum TableForm {
  NPY,
  CSV,
  SAFETENSORS;

  /** How names end. */
  static final String[] ENDS = {".npy", ".csv", ".safetensors"};

  /** The form of a file; null if its name has another end. */
  static TableForm of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    for (TableForm form : values()) {
      if (name.endsWith("." + Text.name(form))) {
        return form;
      }
    }
    return null;
  }

  /** The file that names the rows of a .npy. */
  static Path namesBeside(Path npy) {
    return npy.resolveSibling(npy.getFileName() + ".files.csv");
  }
}
