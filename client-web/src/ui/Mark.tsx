// SPDX-License-Identifier: Apache-2.0
//
// The mark: the first letter of "парта", and a desk.
import mark from '../art/mark.svg?raw';
import './mark.css';

export function Mark({ name }: { name?: string }) {
    return <span className="mark"><span className="mark-sign" dangerouslySetInnerHTML={{ __html: mark }} />{name}</span>;
}
