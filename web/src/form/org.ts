/** Under this name a form's screen provides the org the record is about (a ref to its id). */
export const FORM_ORG = Symbol('the org of the form')
