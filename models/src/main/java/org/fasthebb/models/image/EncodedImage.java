package org.fasthebb.models.image;

import java.io.IOException;

/** An image file whose header has been read. */
interface EncodedImage {
  /** Columns, as the header says. */
  long width();

  /** Rows, as the header says. */
  long height();

  /** How the camera was held, 1 to 8 as in EXIF; 1 is upright. */
  int orientation();

  /** Decodes the pixels as they are stored. The size has been found to be bearable. */
  RgbImage decode() throws IOException;
}
