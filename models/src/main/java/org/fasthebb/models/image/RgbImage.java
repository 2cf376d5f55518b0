package org.fasthebb.models.image;

/**
 * A decoded image.
 *
 * @param height rows
 * @param width columns
 * @param rgb (height, width, 3) bytes, each 0..255
 */
public record RgbImage(int height, int width, byte[] rgb) {}
