/* The shipped model as read-only data. EMPATHD_MODEL_FILE is its path. */
    .section .rodata
    .balign 64
    .global empathd_shipped_model_begin
    .global empathd_shipped_model_end
    .hidden empathd_shipped_model_begin
    .hidden empathd_shipped_model_end
empathd_shipped_model_begin:
    .incbin EMPATHD_MODEL_FILE
empathd_shipped_model_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
